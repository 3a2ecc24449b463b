import fc from 'fast-check'
import type { Connection } from '../../adapters/adapter.ts'
import type { ColumnReference, QueryLineage } from '../../sql/query-lineage.ts'

/** A small table that the oracle may change: its columns and its rows, as SQL literals. */
export interface OracleTable {
  readonly name: string
  readonly columns: readonly OracleColumn[]
  readonly rows: readonly (readonly string[])[]
}

export interface OracleColumn {
  readonly name: string
  readonly type: string
  /** Literals that it may hold; few, so that joins and filters find something. */
  readonly values: readonly string[]
}

/** An output that changed with a column that its lineage does not claim. */
export interface Miss {
  readonly sql: string
  readonly output: string
  readonly input: string
}

export interface OracleReport {
  readonly misses: readonly Miss[]
  /** Queries of which the engine says nothing. */
  readonly unknown: readonly string[]
  /** How many pairs of an output and an input were claimed, and how many of these some change has shown. */
  readonly claimed: number
  readonly shown: number
}

/** Makes the tables, in the schema that unqualified names mean. */
export async function createOracleTables(connection: Connection, tables: readonly OracleTable[]): Promise<void> {
  for (const table of tables) {
    const columns = table.columns.map(({ name, type }) => `${name} ${type}`).join(', ')
    await connection.execute(`create table ${table.name} (${columns})`)
    await connection.execute(insertion(table, table.rows))
  }
}

/**
 * Asks the data whether lineage is right: the values of one input column are changed in several random ways, and every output
 * that is not the same multiset of values then, or has not as many rows, must claim that column. Queries must be deterministic.
 */
export async function askTheData(
  connection: Connection,
  tables: readonly OracleTable[],
  queries: readonly string[],
  seed: number,
): Promise<OracleReport> {
  const subjects: Subject[] = []
  const unknown: string[] = []
  for (const sql of queries) {
    const lineage = await connection.lineageOf(sql)
    if (lineage) subjects.push({ sql, lineage, before: await outputs(connection, sql) })
    else unknown.push(sql)
  }
  const changed = new Set<string>()
  const misses = new Map<string, Miss>()
  for (const table of tables) {
    for (const [index, column] of table.columns.entries()) {
      for (const rows of variations(table, index, seed)) {
        await connection.begin()
        await connection.execute(`delete from ${table.name}`)
        await connection.execute(insertion(table, rows))
        for (const { sql, lineage, before } of subjects) {
          const after = await outputs(connection, sql)
          for (const [place, output] of lineage.columns.entries()) {
            if (after[place] === before[place]) continue
            const input = `${table.name}.${column.name}`
            const key = JSON.stringify([sql, place, input])
            if (claims(lineage, place, table.name, column.name)) changed.add(key)
            else misses.set(key, { sql, output: output.name, input })
          }
        }
        await connection.rollback()
      }
    }
  }
  const claimed = subjects.flatMap(({ lineage }) =>
    lineage.columns.flatMap((_, place) =>
      tables.flatMap(({ name, columns }) => columns.filter((column) => claims(lineage, place, name, column.name))),
    ),
  )
  return { misses: [...misses.values()], unknown, claimed: claimed.length, shown: changed.size }
}

interface Subject {
  readonly sql: string
  readonly lineage: QueryLineage
  readonly before: readonly string[]
}

function claims({ columns, rows }: QueryLineage, place: number, relation: string, column: string): boolean {
  const isIt = (reference: ColumnReference) =>
    reference.relation === relation && (reference.column === column || reference.column === undefined)
  return rows.some(isIt) || (columns[place]?.inputs.some(isIt) ?? false)
}

/** Each column's values in an order of their own, so that only what is in it counts. */
async function outputs(connection: Connection, sql: string): Promise<readonly string[]> {
  const { columns, rows } = await connection.query(sql)
  return columns.map((_, place) =>
    rows
      .map((row) => written(row[place]))
      .sort()
      .join('\n'),
  )
}

function written(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? ''
}

/** The rows with other values in one column: among each other, at random, and all the same. */
function variations(table: OracleTable, index: number, seed: number): readonly OracleTable['rows'][] {
  const { values } = table.columns[index]!
  const size = table.rows.length
  const shuffled = fc.shuffledSubarray(
    table.rows.map((row) => row[index]!),
    { minLength: size },
  )
  const random = fc.array(fc.constantFrom(...values), { minLength: size, maxLength: size })
  const same = fc.constantFrom(...values).map((value) => table.rows.map(() => value))
  const drawn = [
    ...fc.sample(shuffled, { seed, numRuns: 1 }),
    ...fc.sample(random, { seed, numRuns: 2 }),
    ...fc.sample(same, { seed, numRuns: 1 }),
  ]
  return drawn.map((column) => table.rows.map((row, place) => row.with(index, column[place]!)))
}

function insertion({ name }: OracleTable, rows: OracleTable['rows']): string {
  return `insert into ${name} values ${rows.map((row) => `(${row.join(', ')})`).join(', ')}`
}
