import type { CheckedQuery, Finding, Rule } from '../rule.ts'
import { findTableName } from '../sql/find-table-name.ts'
import { readsTable } from '../sql/reads-table.ts'

export const cteUnused: Rule = {
  code: 'cte-unused',
  severity: 'warning',
  summary: 'A common table expression is not used.',
  async find(project) {
    return (await project.queries()).flatMap((query) => [...findingsOf(query)])
  },
}

function* findingsOf(query: CheckedQuery): Generator<Finding> {
  for (const { table, query: around } of query.resolved.commonTables) {
    if (readsTable(around, table) || isUsedElsewhere(table.name, query)) continue
    const at = findTableName(query.compiled.sql, table)
    yield {
      node: query.node.id,
      place: query.placeOf(at),
      message: `Nothing uses the common table expression "${table.name}".`,
      hint: 'take it out',
    }
  }
}

/** What one render leaves out, another may use: the later runs of an incremental model, another target, another variable. */
function isUsedElsewhere(name: string, { node }: CheckedQuery): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`\\b(?:from|join)\\s+"?${escaped}"?(?![\\p{L}\\p{N}_$])`, 'iu').test(node.rawCode)
}
