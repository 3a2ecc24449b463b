import type { Adapter } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { UserError } from '../diagnostics/errors.ts'

/**
 * Renews the copy for readers after a publication. A copy that fails takes nothing back: its problems are returned, as
 * warnings.
 */
export async function renewCopy(adapter: Adapter, copyTo: string | undefined): Promise<readonly Diagnostic[]> {
  if (copyTo === undefined || !adapter.copyTo) return []
  try {
    await adapter.copyTo(copyTo)
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.diagnostics.map((diagnostic) => ({ ...diagnostic, severity: 'warning' as const }))
  }
}
