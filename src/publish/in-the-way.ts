import type { Dependent } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'
import type { Candidate } from '../run/candidates.ts'
import { relationLabel } from '../sql/relation.ts'
import type { PublishedRelation } from '../state/rows.ts'
import { describeDependent } from './dependents.ts'

/** A relation has to be replaced, and something hangs on it that neither survives that nor can be made again. */
export function cannotReplace({ node, target, existing, build }: Candidate, obstacles: readonly string[]): Diagnostic {
  const changesKind = existing?.kind !== build.becomes
  const why = changesKind ? `it becomes a ${build.becomes.replace('_', ' ')}` : 'its columns changed'
  return problem(
    'dependents-in-the-way',
    `"${relationLabel(target)}" cannot be published, because ${why} and other things stand on it:\n${list(obstacles)}`,
    {
      place: node.place,
      subject: `publishing ${node.kind} ${node.name}`,
      hint: 'take these away and make them again afterwards, or let the model keep its columns',
    },
  )
}

/** The relation of a value that is gone has readers, which would be left with nothing. */
export function hasVanished(state: PublishedRelation, readers: readonly Dependent[]): Diagnostic {
  return problem(
    'dependents-in-the-way',
    `"${relationLabel(state)}" has no value any more and cannot be dropped, because other things stand on it:\n${list(readers.map(describeDependent))}`,
    { hint: 'drop these first' },
  )
}

function list(things: readonly string[]): string {
  return things.map((thing) => `  - ${thing}`).join('\n')
}
