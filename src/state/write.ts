import type { ColumnDefinition } from '../sql/column-definition.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { CandidateRow, HistoryRow, PublishedRelation, ResultRow, RetainedVersion, RunRow } from './rows.ts'
import { type StateTable, stateDefinitions, stateTable } from './tables.ts'

type Cell = string | number | boolean | undefined

const ROWS_PER_STATEMENT = 10_000

/** `insert into … select … from …`, split so that no statement grows without bound. No rows, no statement. */
function insertRows(dialect: Dialect, table: StateTable, rows: readonly (readonly Cell[])[]): readonly string[] {
  const columns = stateDefinitions(table)
  const names = columns.map((column) => dialect.quote(column.name)).join(', ')
  return inParts(rows).map(
    (part) =>
      `insert into ${stateTable(dialect, table)} (${names})\nselect ${names} from ${rowsOf(dialect, columns, part)}`,
  )
}

function inParts<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const count = Math.ceil(rows.length / ROWS_PER_STATEMENT)
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * ROWS_PER_STATEMENT, (index + 1) * ROWS_PER_STATEMENT),
  )
}

function rowsOf(dialect: Dialect, columns: readonly ColumnDefinition[], rows: readonly (readonly Cell[])[]): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column.name, storable(row[index])])),
  )
  return dialect.rowsOfJson(JSON.stringify(objects), columns)
}

/** Messages can hold what was never text: no engine keeps a zero byte, or half of a character. */
function storable(cell: Cell): Exclude<Cell, undefined> | null {
  return typeof cell === 'string' ? cell.toWellFormed().replaceAll('\0', '\uFFFD') : (cell ?? null)
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
  const columns = stateDefinitions(table).filter(({ name }) => name === 'schema_name' || name === 'identifier')
  return inParts(names).map((part) => {
    const rows = part.map((name) => [name.schema, name.identifier])
    return `delete from ${stateTable(dialect, table)} where (schema_name, identifier) in (\n  select schema_name, identifier from ${rowsOf(dialect, columns, rows)}\n)`
  })
}
