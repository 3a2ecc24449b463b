import { graphOf } from '../../graph/from-manifest.ts'
import type { NodeLineage } from '../../lineage/node-lineage.ts'
import type { Model } from '../../manifest/nodes.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import type { CheckedProject, Finding, Rule } from '../rule.ts'

/** Asked for by projects that keep nothing for others. Said only of models that others in the project read: what nobody reads at all is read outside of it. */
export const columnUnread: Rule = {
  code: 'column-unread',
  severity: 'off',
  summary: 'A column of a model that others read is read by none of them, and by no test.',
  find(project) {
    const graph = graphOf(project.manifest)
    return project.nodes.flatMap((node): readonly Finding[] => {
      if (node.kind !== 'model' || node.config.materialized === 'ephemeral') return []
      const readers = [...graph.children(node.id)]
      const unread = unreadColumns(node, readers, project)
      if (unread.length === 0) return []
      const names = unread.map((name) => `"${name}"`).join(', ')
      return [
        {
          node: node.id,
          place: { place: node.place, calls: [] },
          message: `Nobody reads ${names} of "${node.name}".`,
          hint: 'leave them out, or let a comment say who needs them',
        },
      ]
    })
  },
}

function unreadColumns(model: Model, readers: readonly UniqueId[], project: CheckedProject): readonly string[] {
  const lineages: NodeLineage[] = []
  const texts: string[] = []
  for (const id of readers) {
    const compiled = project.binding.compiled.get(id)
    // An exposure, or what makes its SQL of data, may read everything.
    if (!compiled) return []
    texts.push(...compiled.map(({ sql }) => sql))
    if (project.manifest.nodes.get(id)?.kind === 'test') continue
    const lineage = project.lineage.nodes.get(id)
    if (!lineage || lineage.unknown !== undefined) return []
    lineages.push(lineage)
  }
  if (lineages.length === 0) return []
  const isRead = (name: string) =>
    lineages.some(({ columns, rows }) =>
      [...columns.flatMap(({ inputs }) => inputs), ...rows].some(
        ({ node, column }) => node === model.id && (column === undefined || column === name),
      ),
    )
  // Later runs and tests are known by their text alone: a column that is named there may be this one.
  const isNamed = (name: string) => texts.some((text) => text.toLowerCase().includes(name.toLowerCase()))
  const columns = project.lineage.nodes.get(model.id)?.columns ?? []
  return columns.map(({ name }) => name).filter((name) => !isRead(name) && !isNamed(name))
}
