import type { ColumnInfo } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { UserError } from '../diagnostics/errors.ts'
import type { Source } from '../manifest/nodes.ts'
import type { UniqueId } from '../text/unique-id.ts'

/** What is known of sources. */
export interface KnownSources {
  /** The columns of a source as the engine names their types; undefined where nobody knows them. Throws `UserError`. */
  columnsOf(source: Source): readonly ColumnInfo[] | undefined
  /** What the engine cannot have of what they need. */
  readonly warnings: readonly Diagnostic[]
}

/** The columns of a source, or what is wrong with them: that is told when the source is asked for. */
export type FoundColumns = ReadonlyMap<UniqueId, readonly ColumnInfo[] | UserError>

export function knownSources(found: FoundColumns, warnings: readonly Diagnostic[]): KnownSources {
  return {
    columnsOf: ({ id }) => {
      const columns = found.get(id)
      if (columns instanceof UserError) throw columns
      return columns
    },
    warnings,
  }
}
