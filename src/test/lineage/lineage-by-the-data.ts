import { expect, test } from 'vitest'
import type { Connection } from '../../adapters/adapter.ts'
import { figuresOf } from './figures.ts'
import {
  type GeneratedQuery,
  generateQueries,
  ORACLE_TABLES,
  PART_TABLES,
  type QueryStep,
} from './generated-queries.ts'
import { askTheData, type Budget, type OracleReport, type Subject } from './oracle.ts'
import type { OracleTable } from './oracle-data.ts'
import { querySubject } from './query-subject.ts'

/** Tests of an engine's lineage by the data. `written` are queries for which the generator has no words. */
export function lineageByTheData(name: string, connect: () => Promise<Connection>, written: readonly string[]): void {
  const generated = generateQueries(250, 4)

  test(`${name}: no output of a query changes with a column that its lineage does not claim`, async () => {
    const queries = [...written.map((sql) => ({ sql, comparisons: [] })), ...generated]
    const budget = { whole: 3, common: 0, own: 0 }
    const { misses, undecided } = await askQueries(await connect(), ORACLE_TABLES, { queries, budget })
    expect({ misses, undecided }).toEqual({ misses: [], undecided: [] })
  }, 300_000)

  /**
   * At most three over-claims of a hundred, by both ways to read that: of the pairs of an output and a column that it claims,
   * and of the outputs, where one is wrong as soon as one of its claims is. What is not shown counts as an over-claim.
   *
   * Queries are looked at one step at a time. Whole ones often cannot show what they claim, whatever the data: their filters
   * contradict each other, or what two of their queries give is never the same. That is no matter of lineage.
   */
  test(`${name}: what lineage claims of the steps of these queries matters`, async () => {
    const queries = distinct(generated.flatMap(({ steps }) => steps)).slice(0, 320)
    const budget = { whole: 1, common: 60, own: 40 }
    const report = await askQueries(await connect(), [...ORACLE_TABLES, ...PART_TABLES], { queries, budget })
    expect({ misses: report.misses, undecided: report.undecided }).toEqual({ misses: [], undecided: [] })
    const figures = figuresOf([report])
    expect(figures.queries).toBeGreaterThanOrEqual(200)
    expect(figures.notShownShare).toBeLessThanOrEqual(0.03)
    expect(figures.outputsNotShownShare).toBeLessThanOrEqual(0.03)
    expect(figures.allShare).toBeLessThanOrEqual(0.05)
  }, 300_000)
}

/** Makes the tables for the engine to bind the queries against, and asks. */
export async function askQueries(
  connection: Connection,
  tables: readonly OracleTable[],
  { queries, budget }: { readonly queries: readonly QueryStep[]; readonly budget: Budget },
): Promise<OracleReport> {
  for (const { name, columns } of tables) {
    const typed = columns.map((column) => `${column.name} ${column.type}`).join(', ')
    await connection.execute(`drop table if exists ${name}; create table ${name} (${typed})`)
  }
  const subjects: Subject[] = []
  const unknown: string[] = []
  for (const query of distinct(queries)) {
    const lineage = await connection.lineageOf(query.sql)
    if (lineage) subjects.push(querySubject(query, lineage))
    else unknown.push(query.sql)
  }
  const report = await askTheData({ connection, tables, subjects, seed: 4, budget })
  return { ...report, undecided: [...report.undecided, ...unknown] }
}

function distinct<Query extends Pick<GeneratedQuery, 'sql'>>(queries: readonly Query[]): readonly Query[] {
  return [...new Map(queries.map((query) => [query.sql, query])).values()]
}
