import type { PreviousManifest } from '../artifacts/manifest-artifact.ts'
import type { PreviousResults } from '../artifacts/run-results-artifact.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { GraphNode } from '../manifest/nodes.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Criterion } from './selector.ts'

/** What selection methods may look at. */
export interface MethodInput {
  readonly manifest: Manifest
  /** For `state:`. */
  readonly state?: PreviousManifest | undefined
  /** For `result:`. */
  readonly results?: PreviousResults | undefined
  /** For `source_status:`: when the newest rows were loaded, before and now. */
  readonly loadedAt?: { readonly before: LoadedAt; readonly now: LoadedAt } | undefined
  /** The relations of nodes that have one per value, by the relation's identifier. */
  readonly relations?: ReadonlyMap<string, UniqueId> | undefined
}

/** The newest row of each source by its id, in milliseconds; undefined where the source could not be asked. */
export type LoadedAt = ReadonlyMap<string, number | undefined>

/** Makes the test of one criterion. Throws a `UserError` for a value or an input that the method cannot do with. */
export type Method = (criterion: Criterion, input: MethodInput) => (node: GraphNode) => boolean

/** The value of a criterion as one of those that its method takes. Throws a `UserError` for any other. */
export function oneOf<Value extends string>(criterion: Criterion, expected: readonly Value[]): Value {
  const found = expected.find((value) => value === criterion.value)
  if (found !== undefined) return found
  const message = `"${criterion.value}" is not a value of "${criterion.method}", in the selector "${criterion.text}".`
  const hint = didYouMean(criterion.value, expected) ?? `it is one of ${expected.join(', ')}`
  throw new UserError(problem('selector-value', message, { hint }))
}

/** A method was used without what it compares with. */
export function needsState(criterion: Criterion, what: string): UserError {
  const message = `"${criterion.text}" needs ${what}.`
  return new UserError(problem('selector-needs-state', message, { hint: 'give its folder with --state' }))
}
