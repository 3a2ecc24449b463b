import type { DatabaseError } from '../adapters/adapter.ts'
import type { Source } from '../manifest/nodes.ts'
import { describePlace } from '../text/source-file.ts'
import type { RunEnvironment } from './environment.ts'

/** What to do about a relation that the engine does not know, where the project does: a node not built yet, or a source. */
export function hintForMissing(
  { manifest, catalog }: Pick<RunEnvironment, 'manifest' | 'catalog'>,
  { code, unknownName }: DatabaseError,
): string | undefined {
  if (code !== 'catalog' || unknownName === undefined) return undefined
  const name = unknownName.toLowerCase()
  for (const node of manifest.nodes.values()) {
    if (node.kind === 'test' || node.relation?.identifier.toLowerCase() !== name) continue
    if (catalog.kindOf(node.relation) === undefined) {
      return `"${node.name}" is not built yet: build it first, with --select ${node.name}, or with what reads it`
    }
  }
  const source = [...manifest.sources.values()].find((each) => each.relation.identifier.toLowerCase() === name)
  return source && hintForSource(source)
}

function hintForSource({ sourceName, name, place }: Source): string {
  return `the source "${sourceName}.${name}" is declared in ${describePlace(place)}: make the table, or correct its schema or identifier`
}
