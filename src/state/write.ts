import type { Dialect } from '../sql/dialect.ts'
import type { CandidateRow, HistoryRow, PublishedRelation, ResultRow, RetainedVersion, RunRow } from './rows.ts'
import { type StateTable, stateColumns, stateTable } from './tables.ts'

type Cell = string | number | boolean | undefined

const ROWS_PER_INSERT = 500

/** `insert into … values …`, split so that no statement grows without bound. No rows, no statement. */
function insertRows(dialect: Dialect, table: StateTable, rows: readonly (readonly Cell[])[]): readonly string[] {
  const columns = stateColumns(table).map((column) => dialect.quote(column))
  const statements: string[] = []
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    const values = rows
      .slice(start, start + ROWS_PER_INSERT)
      .map((row) => `(${row.map((cell) => literal(dialect, cell)).join(', ')})`)
    statements.push(`insert into ${stateTable(dialect, table)} (${columns.join(', ')}) values\n${values.join(',\n')}`)
  }
  return statements
}

function literal(dialect: Dialect, cell: Cell): string {
  if (cell === undefined) return 'null'
  return typeof cell === 'string' ? dialect.stringLiteral(cell) : String(cell)
}

export function recordRun(dialect: Dialect, run: RunRow): readonly string[] {
  return insertRows(dialect, 'runs', [
    [
      run.runId,
      run.targetSchema,
      run.command,
      run.project,
      run.version,
      run.status,
      run.published,
      run.startedAt,
      run.finishedAt,
      run.message,
    ],
  ])
}

/** The results of all nodes, tests included. */
export function recordResults(dialect: Dialect, runId: string, results: readonly ResultRow[]): readonly string[] {
  const isTest = (result: ResultRow) => result.id.startsWith('test.')
  const nodes = results
    .filter((result) => !isTest(result))
    .map((result) => [
      runId,
      result.id,
      result.id.slice(0, result.id.indexOf('.')),
      result.status,
      result.startedAt,
      result.seconds,
      result.rows,
      result.message,
    ])
  const tests = results
    .filter(isTest)
    .map((result) => [
      runId,
      result.id,
      result.attachedTo,
      result.status,
      result.failures,
      result.seconds,
      result.message,
    ])
  return [...insertRows(dialect, 'node_results', nodes), ...insertRows(dialect, 'test_results', tests)]
}

/** Replaces the rows of these relations: what they say now is what stands under their names. */
export function recordRelations(dialect: Dialect, relations: readonly PublishedRelation[]): readonly string[] {
  const rows = relations.map((relation) => [
    relation.schema,
    relation.identifier,
    relation.targetSchema,
    relation.nodeId,
    relation.kind,
    relation.materialization,
    relation.runId,
    relation.publishedAt,
    relation.fingerprint,
    relation.rows,
    relation.watermark,
    relation.definition,
  ])
  return [...forgetRelations(dialect, relations), ...insertRows(dialect, 'relations', rows)]
}

export function forgetRelations(
  dialect: Dialect,
  relations: readonly { readonly schema: string; readonly identifier: string }[],
): readonly string[] {
  return deleteByName(dialect, 'relations', relations)
}

export function recordVersions(dialect: Dialect, versions: readonly RetainedVersion[]): readonly string[] {
  const rows = versions.map((version) => [
    version.schema,
    version.identifier,
    version.nodeId,
    version.kind,
    version.materialization,
    version.runId,
    version.publishedAt,
    version.replacedBy,
    version.retainedAs,
    version.fingerprint,
    version.rows,
    version.watermark,
    version.definition,
    version.targetSchema,
  ])
  return insertRows(dialect, 'versions', rows)
}

/** Forgets single versions: those that were dropped or republished. */
export function forgetVersions(
  dialect: Dialect,
  versions: readonly Pick<RetainedVersion, 'schema' | 'identifier' | 'runId' | 'replacedBy'>[],
): readonly string[] {
  return versions.map((version) => {
    const text = (value: string) => dialect.stringLiteral(value)
    return (
      `delete from ${stateTable(dialect, 'versions')} where schema_name = ${text(version.schema)} ` +
      `and identifier = ${text(version.identifier)} and run_id = ${text(version.runId)} ` +
      `and replaced_by = ${text(version.replacedBy)}`
    )
  })
}

export function recordHistory(dialect: Dialect, changes: readonly HistoryRow[]): readonly string[] {
  const rows = changes.map((change) => [
    change.schema,
    change.identifier,
    change.targetSchema,
    change.changedBy,
    change.changedAt,
    change.runId ?? '',
  ])
  return insertRows(dialect, 'history', rows)
}

export function recordCandidates(dialect: Dialect, candidates: readonly CandidateRow[]): readonly string[] {
  const rows = candidates.map((row) => [row.runId, row.targetSchema, row.schema, row.mark])
  return insertRows(dialect, 'candidates', rows)
}

/** Forgets the candidates of one target schema: they are published or dropped. */
export function forgetCandidates(dialect: Dialect, targetSchema: string): string {
  return `delete from ${stateTable(dialect, 'candidates')} where target_schema = ${dialect.stringLiteral(targetSchema)}`
}

function deleteByName(
  dialect: Dialect,
  table: StateTable,
  names: readonly { readonly schema: string; readonly identifier: string }[],
): readonly string[] {
  if (names.length === 0) return []
  const pairs = names.map(
    (name) => `(${dialect.stringLiteral(name.schema)}, ${dialect.stringLiteral(name.identifier)})`,
  )
  return [`delete from ${stateTable(dialect, table)} where (schema_name, identifier) in (${pairs.join(', ')})`]
}
