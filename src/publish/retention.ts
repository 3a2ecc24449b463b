import { fitIdentifier, runMark } from '../sql/candidate-name.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { PublishedRelation, RetainedVersion } from '../state/rows.ts'

/** What a publication does about the version that it replaces. */
export interface Retention {
  /** Keep the replaced table under this identifier; absent when it is dropped or was no table. */
  readonly retainAs?: string
  readonly version?: RetainedVersion
}

/** The identifier under which a replaced table is kept: no candidate's mark, and different for every run. */
export function retainedIdentifier(identifier: string, runId: string, maxBytes: number): string {
  const suffix = `__lavra_kept_${runMark(runId)}`
  return fitIdentifier(identifier, maxBytes - suffix.length) + suffix
}

/** Decides for one relation whether its replaced version is kept. `versions` is the node's config; 0 keeps nothing. */
export function retentionOf(input: {
  readonly dialect: Dialect
  readonly versions: number
  readonly replaced: PublishedRelation | undefined
  readonly next: PublishedRelation
}): Retention {
  const { replaced, next } = input
  if (input.versions === 0) return {}
  if (replaced === undefined) {
    const { definition: _, ...name } = next
    return { version: { ...name, kind: 'absent', runId: '', replacedBy: next.runId } }
  }
  if (replaced.kind !== 'table') return { version: { ...replaced, replacedBy: next.runId } }
  const retainAs = retainedIdentifier(replaced.identifier, replaced.runId, input.dialect.maxIdentifierBytes)
  return { retainAs, version: { ...replaced, replacedBy: next.runId, retainedAs: retainAs } }
}

/** The versions of one relation that are more than `keep`: the oldest. `versions` is sorted, newest first. */
export function superfluous(
  versions: readonly RetainedVersion[],
  name: { readonly schema: string; readonly identifier: string },
  keep: number,
): readonly RetainedVersion[] {
  return versions
    .filter((version) => version.schema === name.schema && version.identifier === name.identifier)
    .slice(keep)
}
