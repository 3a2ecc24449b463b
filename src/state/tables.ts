import type { ColumnDefinition } from '../sql/column-definition.ts'
import type { Dialect } from '../sql/dialect.ts'

/** The schema that holds what Lavra knows of a database. It lives in the database it describes. */
export const STATE_SCHEMA = '_lavra'

/** Raised when the tables below change; a database with a higher number was written by a newer Lavra and is refused. */
export const STATE_VERSION = 3

/**
 * The tables of the state, one grain a table. Types are such that every engine here knows them; times are UTC.
 *
 * - `runs`: one row a run, written when it ends; a run that was killed leaves none.
 * - `node_results`: one row a run and node.
 * - `test_results`: one row a run and data test.
 * - `relations`: one row a published relation: which run published it, from what.
 * - `versions`: one row a retained former version of a relation.
 * - `history`: one row a relation and run or rollback that changed what stands under its name: the run whose version stands
 *   since then, empty for none.
 * - `candidates`: one row a run that has begun and a schema in which it builds; empty between runs. A run that was killed
 *   leaves its rows, and the next run on the same target schema sweeps what bears its mark.
 */
const TABLES = {
  meta: ['version integer not null'],
  runs: [
    'run_id varchar not null',
    'target_schema varchar not null',
    'command varchar not null',
    'project varchar not null',
    'lavra_version varchar not null',
    'status varchar not null',
    'published boolean not null',
    'started_at timestamp with time zone not null',
    'finished_at timestamp with time zone not null',
    'message varchar',
  ],
  node_results: [
    'run_id varchar not null',
    'node_id varchar not null',
    'resource_type varchar not null',
    'status varchar not null',
    'started_at timestamp with time zone not null',
    'seconds double precision not null',
    'row_count bigint',
    'message varchar',
  ],
  test_results: [
    'run_id varchar not null',
    'test_id varchar not null',
    'node_id varchar',
    'status varchar not null',
    'failures bigint',
    'seconds double precision not null',
    'message varchar',
  ],
  relations: [
    'schema_name varchar not null',
    'identifier varchar not null',
    'target_schema varchar not null',
    'node_id varchar not null',
    'kind varchar not null',
    'materialization varchar not null',
    'run_id varchar not null',
    'published_at timestamp with time zone not null',
    'fingerprint varchar not null',
    'row_count bigint',
    'watermark varchar',
    'definition varchar',
  ],
  versions: [
    'schema_name varchar not null',
    'identifier varchar not null',
    'node_id varchar not null',
    'kind varchar not null',
    'materialization varchar not null',
    'run_id varchar not null',
    'published_at timestamp with time zone not null',
    'replaced_by varchar not null',
    'retained_as varchar',
    'fingerprint varchar not null',
    'row_count bigint',
    'watermark varchar',
    'definition varchar',
    'target_schema varchar',
  ],
  history: [
    'schema_name varchar not null',
    'identifier varchar not null',
    'target_schema varchar not null',
    'changed_by varchar not null',
    'changed_at timestamp with time zone not null',
    'run_id varchar not null',
  ],
  candidates: [
    'run_id varchar not null',
    'target_schema varchar not null',
    'schema_name varchar not null',
    'mark varchar not null',
  ],
} as const

export type StateTable = keyof typeof TABLES

/** The qualified name of a state table, quoted. */
export function stateTable(dialect: Dialect, table: StateTable): string {
  return `${dialect.quote(STATE_SCHEMA)}.${dialect.quote(table)}`
}

/** Every table of the state. */
export const STATE_TABLES = Object.keys(TABLES) as readonly StateTable[] // its keys are

/** One script that makes what is missing of the state. Safe to run on a database that has it. */
export function createStateTables(dialect: Dialect): string {
  const tables = STATE_TABLES.map(
    (name) => `create table if not exists ${stateTable(dialect, name)} (\n  ${TABLES[name].join(',\n  ')}\n)`,
  )
  const meta = stateTable(dialect, 'meta')
  return [
    dialect.createSchema({ schema: STATE_SCHEMA }),
    ...tables,
    `insert into ${meta} select ${STATE_VERSION} where not exists (select 1 from ${meta})`,
  ].join(';\n')
}

/** Statements that write nothing to any table of the state, and fail for a role that may not. */
export function touchStateTables(dialect: Dialect): string {
  return STATE_TABLES.flatMap((name) => {
    const table = stateTable(dialect, name)
    const [column = ''] = stateColumns(name).map(dialect.quote)
    return [
      `insert into ${table} select * from ${table} where false`,
      `update ${table} set ${column} = ${column} where false`,
      `delete from ${table} where false`,
    ]
  }).join(';\n')
}

/** What brings the tables of an older state to the layout above. Safe to run twice. */
export function upgradeStateTables(dialect: Dialect): string {
  const [versions, runs, history] = [
    stateTable(dialect, 'versions'),
    stateTable(dialect, 'runs'),
    stateTable(dialect, 'history'),
  ]
  // Without a record of rollbacks, versions stood in the order in which they were published.
  const published = (table: string) =>
    `select schema_name, identifier, target_schema, run_id, published_at, run_id from ${table} where run_id <> '' and target_schema is not null`
  return [
    `alter table ${versions} add column if not exists target_schema varchar`,
    `update ${versions} set target_schema = (\n  select max(target_schema) from ${runs} where run_id = replaced_by\n) where target_schema is null`,
    `delete from ${history}`,
    `insert into ${history} ${published(stateTable(dialect, 'relations'))} union all ${published(versions)}`,
    `update ${stateTable(dialect, 'meta')} set version = ${STATE_VERSION}`,
  ].join(';\n')
}

/** The columns of a state table with their types, in their order. */
export function stateDefinitions(table: StateTable): readonly ColumnDefinition[] {
  return TABLES[table].map((column) => {
    const space = column.indexOf(' ')
    return { name: column.slice(0, space), type: column.slice(space + 1).replace(/ not null$/, '') }
  })
}

/** The column names of a state table, in their order. */
export function stateColumns(table: StateTable): readonly string[] {
  return TABLES[table].map((column) => column.slice(0, column.indexOf(' ')))
}
