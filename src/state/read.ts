import { type Connection, DatabaseError } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { RelationKind } from '../sql/relation.ts'
import type { SqlValue } from '../sql/value.ts'
import { type Row, readRows } from './read-rows.ts'
import type { CandidateRow, HistoryRow, PublishedRelation, RetainedVersion } from './rows.ts'
import {
  createStateTables,
  STATE_SCHEMA,
  STATE_TABLES,
  STATE_VERSION,
  stateTable,
  touchStateTables,
  upgradeStateTables,
} from './tables.ts'

/**
 * Makes the state's tables where they are missing or older; several runs may do that at once. Throws `UserError`: a newer
 * Lavra has written them (`state-newer`), or the role may not write them (`state-permission`).
 */
export async function ensureState(connection: Connection, dialect: Dialect): Promise<void> {
  const standing = new Set((await connection.listRelations([STATE_SCHEMA])).map(({ identifier }) => identifier))
  const isWhole = STATE_TABLES.every((table) => standing.has(table))
  if (!isWhole) await makeState(connection, dialect)
  else await checkRights(connection, dialect)
  const { rows } = await connection.query(`select max(version) from ${stateTable(dialect, 'meta')}`)
  const version = Number(rows[0]?.[0])
  if (version > STATE_VERSION) {
    throw new UserError(
      problem('state-newer', `The schema "${STATE_SCHEMA}" was written by a newer version of Lavra.`, {
        hint: 'use that version, or a newer one, for this database',
      }),
    )
  }
  if (version < STATE_VERSION) await connection.execute(dialect.oneAtATime(upgradeStateTables(dialect)))
}

async function makeState(connection: Connection, dialect: Dialect): Promise<void> {
  try {
    await connection.execute(dialect.oneAtATime(createStateTables(dialect)))
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== 'permission') throw error
    throw new UserError(
      problem(
        'state-permission',
        `The schema "${STATE_SCHEMA}", in which Lavra keeps what it has published, cannot be made: ${error.message}.`,
        error.hint === undefined ? {} : { hint: error.hint },
      ),
      { cause: error },
    )
  }
}

/** The tables belong to the role that ran first; another one has to be let in. */
async function checkRights(connection: Connection, dialect: Dialect): Promise<void> {
  if (dialect.grantWriting(STATE_SCHEMA, '') === undefined) return
  try {
    await connection.execute(touchStateTables(dialect))
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== 'permission') throw error
    const role = String((await connection.query('select current_user')).rows[0]?.[0])
    throw new UserError(statePermission(role, dialect.grantWriting(STATE_SCHEMA, role)), { cause: error })
  }
}

function statePermission(role: string, grants: string | undefined): Diagnostic {
  return problem(
    'state-permission',
    `The role "${role}" may not write the schema "${STATE_SCHEMA}", in which Lavra keeps what it has published.`,
    { hint: `${grants}; or let all runs use one role, with "role" in profiles.yml` },
  )
}

/** Whether the database has a state at all. A database that was never run on has none, and that is not an error. */
export async function hasState(connection: Connection): Promise<boolean> {
  return (await connection.listRelations([STATE_SCHEMA])).some((relation) => relation.identifier === 'relations')
}

/** Every relation that Lavra has published here, of all targets. */
export async function readRelations(connection: Connection, dialect: Dialect): Promise<readonly PublishedRelation[]> {
  const rows = await readRows(connection, dialect, 'relations')
  return rows.map(published)
}

/** Every version that is kept of a target's relations, the newest publication first. */
export async function readVersions(
  connection: Connection,
  dialect: Dialect,
  targetSchema: string,
): Promise<readonly RetainedVersion[]> {
  const rows = await readRows(connection, dialect, 'versions')
  const own = rows.filter((row) => row.target_schema === targetSchema)
  const versions = own.map((row) => ({
    ...published(row),
    kind: text(row.kind) as RetainedVersion['kind'], // we wrote it
    replacedBy: text(row.replaced_by),
    ...optional('retainedAs', row.retained_as),
  }))
  return versions.sort(newestFirst)
}

/** That there was nothing before the first publication bears the time of that publication, and is older. */
function newestFirst(a: RetainedVersion, b: RetainedVersion): number {
  if (a.publishedAt !== b.publishedAt) return a.publishedAt < b.publishedAt ? 1 : -1
  return Number(a.kind === 'absent') - Number(b.kind === 'absent')
}

/** Every change of what stands under a target's names, the oldest first. */
export async function readHistory(
  connection: Connection,
  dialect: Dialect,
  targetSchema: string,
): Promise<readonly HistoryRow[]> {
  const rows = await readRows(connection, dialect, 'history')
  const changes = rows.map((row): HistoryRow => {
    const runId = text(row.run_id)
    return {
      schema: text(row.schema_name),
      identifier: text(row.identifier),
      targetSchema: text(row.target_schema),
      changedBy: text(row.changed_by),
      changedAt: text(row.changed_at),
      ...(runId === '' ? {} : { runId }),
    }
  })
  const own = changes.filter((change) => change.targetSchema === targetSchema)
  return own.sort((a, b) => (a.changedAt < b.changedAt ? -1 : a.changedAt > b.changedAt ? 1 : 0))
}

/** What earlier runs on this target may have left behind. */
export async function readCandidates(
  connection: Connection,
  dialect: Dialect,
  targetSchema: string,
): Promise<readonly CandidateRow[]> {
  const rows = await readRows(connection, dialect, 'candidates')
  return rows
    .map((row) => ({
      runId: text(row.run_id),
      targetSchema: text(row.target_schema),
      schema: text(row.schema_name),
      mark: text(row.mark),
    }))
    .filter((row) => row.targetSchema === targetSchema)
}

/**
 * Whether a publication was committed: how a COMMIT whose outcome is unknown is looked up. The run's own record tells, which
 * nobody changes afterwards; where each relation is published by itself it is written last, and `relation`, one of those
 * published, tells.
 */
export async function isPublicationRecorded(
  connection: Connection,
  dialect: Dialect,
  runId: string,
  relation: Pick<PublishedRelation, 'schema' | 'identifier'> | undefined,
): Promise<boolean> {
  const text = (value: string) => dialect.stringLiteral(value)
  const inRuns = `select 1 from ${stateTable(dialect, 'runs')} where run_id = ${text(runId)} and published`
  const inRelations = relation
    ? [
        `select 1 from ${stateTable(dialect, 'relations')} where run_id = ${text(runId)}`,
        `  and schema_name = ${text(relation.schema)} and identifier = ${text(relation.identifier)}`,
      ].join('\n')
    : undefined
  const { rows } = await connection.query([inRuns, ...(inRelations ? [inRelations] : [])].join('\nunion all\n'))
  return rows.length > 0
}

function published(row: Row): PublishedRelation {
  return {
    schema: text(row.schema_name),
    identifier: text(row.identifier),
    targetSchema: text(row.target_schema),
    nodeId: text(row.node_id),
    kind: text(row.kind) as RelationKind, // we wrote it
    materialization: text(row.materialization),
    runId: text(row.run_id),
    publishedAt: text(row.published_at),
    fingerprint: text(row.fingerprint),
    ...(row.row_count === null ? {} : { rows: Number(row.row_count) }),
    ...optional('watermark', row.watermark),
    ...optional('definition', row.definition),
  }
}

function optional<Key extends string>(key: Key, value: SqlValue | undefined): { readonly [K in Key]?: string } {
  // The computed key is `Key` by construction.
  return value === null || value === undefined ? {} : ({ [key]: text(value) } as { [K in Key]: string })
}

function text(value: SqlValue | undefined): string {
  return String(value)
}
