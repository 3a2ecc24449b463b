import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { UserError } from '../diagnostics/errors.ts'
import type { UniqueId } from '../text/unique-id.ts'

/** A publication failed because of these nodes; the others would have been published. */
export class PublicationError extends UserError {
  readonly owners: readonly UniqueId[]

  constructor(owners: readonly UniqueId[], diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(diagnostics, options)
    this.name = 'PublicationError'
    this.owners = owners
  }
}

/** Does a node's part of a publication; a `UserError` in it becomes that node's `PublicationError`. */
export async function inNameOf<Result>(owner: UniqueId, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new PublicationError([owner], error.diagnostics, { cause: error })
  }
}
