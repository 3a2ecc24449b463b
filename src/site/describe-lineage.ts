import type { NodeLineage, ProjectLineage } from '../lineage/node-lineage.ts'
import type { Numbering } from './numbering.ts'
import type { SiteInfluence, SiteInput, SiteLineage, SiteNodeLineage } from './site-data.ts'

/** Column lineage by numbers of nodes. */
export function describeLineage(lineage: ProjectLineage, { nodes, numberOf }: Numbering): SiteLineage {
  return nodes.map(({ id }) => {
    const own = lineage.nodes.get(id)
    return own ? describeOne(own, numberOf) : null
  })
}

function describeOne(own: NodeLineage, numberOf: Numbering['numberOf']): SiteNodeLineage {
  return {
    columns: own.columns.map(({ name, inputs }) => ({
      name,
      inputs: inputs.flatMap(({ node, column, how }): readonly SiteInput[] => {
        const number = numberOf.get(node)
        return number === undefined ? [] : [[number, column ?? null, how]]
      }),
    })),
    rows: own.rows.flatMap(({ node, column, how, columns }): readonly SiteInfluence[] => {
      const number = numberOf.get(node)
      if (number === undefined) return []
      return [columns ? [number, column ?? null, how, columns] : [number, column ?? null, how]]
    }),
    ...(own.unknown === undefined ? {} : { unknown: own.unknown }),
  }
}
