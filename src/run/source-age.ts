import { type Connection, isRefusal } from '../adapters/adapter.ts'
import type { CompiledText } from '../compile/compile-text.ts'
import { databaseDiagnostic } from '../compile/database-diagnostic.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { Freshness, FreshnessLimit, Source } from '../manifest/nodes.ts'
import { type SqlValue, TimestampValue } from '../sql/value.ts'

/** How old the newest row of a source is, and whether that is too old; or why nobody knows. */
export type SourceAge = {
  readonly source: Source
  /** ISO 8601 in UTC. */
  readonly startedAt: string
  readonly seconds: number
  readonly threadId: string
  readonly diagnostics: readonly Diagnostic[]
} & (
  | {
      readonly status: 'pass' | 'warn' | 'error'
      /** ISO 8601 in UTC, of the database. */
      readonly loadedAt: string
      readonly askedAt: string
      readonly ageSeconds: number
    }
  | { readonly status: 'runtime error' }
)

export interface AgeInput {
  readonly source: Source
  readonly connection: Connection
  readonly engine: string
  readonly threadId: string
  /** The query of `ageQuery`, compiled. Throws `UserError`. */
  readonly compile: (text: string) => Promise<CompiledText>
  /** `now()` of the engine. */
  readonly currentTimestamp: string
}

/** Whether a source says how old it may be. */
export function hasLimits({ freshness }: Source): boolean {
  return (
    freshness !== null && [freshness.warn_after, freshness.error_after].some((limit) => secondsOf(limit) !== undefined)
  )
}

/** Asks the database for the newest row of a source. Never throws for what the user wrote; an interruption stays one. */
export async function measureAge(input: AgeInput): Promise<SourceAge> {
  const start = performance.now()
  const { source, threadId } = input
  const base = { source, threadId, startedAt: new Date().toISOString() }
  const seconds = () => (performance.now() - start) / 1000
  try {
    const { loadedAt, askedAt } = await askDatabase(input)
    const ageSeconds = (askedAt.microseconds - loadedAt.microseconds) / 1e6
    const status = statusOf(source.freshness, ageSeconds)
    const diagnostics = status === 'pass' ? [] : [tooOld(source, status, loadedAt, ageSeconds)]
    return {
      ...base,
      seconds: seconds(),
      status,
      diagnostics,
      ageSeconds,
      loadedAt: loadedAt.iso,
      askedAt: askedAt.iso,
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ...base, seconds: seconds(), status: 'runtime error', diagnostics: error.diagnostics }
  }
}

interface Moment {
  readonly iso: string
  readonly microseconds: number
}

/** When there is no row: as long ago as can be, as in dbt. */
const NEVER: Moment = { iso: '0001-01-01T00:00:00+00:00', microseconds: Date.parse('0001-01-01T00:00:00Z') * 1000 }

async function askDatabase(input: AgeInput): Promise<{ readonly loadedAt: Moment; readonly askedAt: Moment }> {
  const { source, connection, engine } = input
  const compiled = await input.compile(ageQuery(source, input.currentTimestamp))
  try {
    const { rows } = await connection.query(compiled.sql)
    const [loadedAt = null, askedAt = null] = rows[0] ?? []
    return { loadedAt: momentOf(source, loadedAt), askedAt: momentOf(source, askedAt) }
  } catch (error) {
    if (!isRefusal(error)) throw error
    const subject = `freshness of ${nameOf(source)}`
    throw new UserError(databaseDiagnostic(error, { subject, engine, fallback: source.place }), { cause: error })
  }
}

/** The query as a template; in `loaded_at_query` the source is `this`, as in dbt. Throws `UserError`. */
function ageQuery(source: Source, currentTimestamp: string): string {
  const name = `source('${source.sourceName}', '${source.name}')`
  if (source.loadedAtQuery !== undefined) {
    return `{% set this = ${name} -%}
with source_query as (
  ${source.loadedAtQuery}
)
select
  (select * from source_query) as max_loaded_at,
  ${currentTimestamp} as snapshotted_at`
  }
  if (source.loadedAtField === undefined) throw new UserError(neverLoaded(source))
  const filter = source.freshness?.filter ?? null
  return `select
  max(${source.loadedAtField}) as max_loaded_at,
  ${currentTimestamp} as snapshotted_at
from {{ ${name} }}${filter === null ? '' : `\nwhere ${filter}`}`
}

/** A time without a zone is taken as UTC, as in dbt. */
function momentOf(source: Source, value: SqlValue): Moment {
  if (value === null) return NEVER
  const iso = value instanceof TimestampValue ? (value.hasZone ? value.iso : `${value.iso}+00:00`) : ''
  const milliseconds = Date.parse(iso)
  if (Number.isNaN(milliseconds)) throw new UserError(noTime(source, value))
  const rest = /\.\d{3}(\d{1,3})/.exec(iso)?.[1] ?? ''
  return { iso, microseconds: milliseconds * 1000 + Number(rest.padEnd(3, '0')) }
}

function statusOf(freshness: Freshness | null, ageSeconds: number): 'pass' | 'warn' | 'error' {
  const isOver = (limit: FreshnessLimit | null | undefined) =>
    ageSeconds > (secondsOf(limit) ?? Number.POSITIVE_INFINITY)
  if (isOver(freshness?.error_after)) return 'error'
  return isOver(freshness?.warn_after) ? 'warn' : 'pass'
}

const SECONDS = { minute: 60, hour: 3600, day: 86_400 } as const

function secondsOf(limit: FreshnessLimit | null | undefined): number | undefined {
  if (!limit || limit.count === null || limit.period === null) return undefined
  return limit.count * SECONDS[limit.period]
}

export function nameOf({ sourceName, name }: Source): string {
  return `${sourceName}.${name}`
}

function tooOld(source: Source, status: 'warn' | 'error', { iso }: Moment, ageSeconds: number): Diagnostic {
  const limit = status === 'error' ? source.freshness?.error_after : source.freshness?.warn_after
  const allowed = describeAge(secondsOf(limit) ?? 0)
  const filter = source.freshness?.filter ?? null
  const message =
    iso === NEVER.iso
      ? `"${nameOf(source)}" has no rows${filter === null ? '' : ` where ${filter}`}; the newest may be ${allowed} old.`
      : `The newest row of "${nameOf(source)}" was loaded ${describeAge(ageSeconds)} ago; it may be ${allowed} old.`
  return {
    ...problem('source-stale', message, { place: source.place }),
    severity: status === 'error' ? 'error' : 'warning',
  }
}

/** The largest unit that leaves something to count: `36 hours` is said as it is, `49 hours` as `2 days`. */
function describeAge(seconds: number): string {
  const unit = seconds >= 2 * SECONDS.day ? 'day' : seconds >= 2 * SECONDS.hour ? 'hour' : 'minute'
  const count = Math.floor(seconds / SECONDS[unit])
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

function neverLoaded(source: Source): Diagnostic {
  return problem('freshness-config', `Nothing says when the rows of "${nameOf(source)}" were loaded.`, {
    place: source.place,
    hint: 'set "loaded_at_field" to a column or expression, or "loaded_at_query" to a query',
  })
}

function noTime(source: Source, value: SqlValue): Diagnostic {
  return problem(
    'freshness-config',
    `What tells the age of "${nameOf(source)}" gave ${String(value)}, which is no timestamp.`,
    {
      place: source.place,
      hint: 'write cast(… as timestamp) in "loaded_at_field" or "loaded_at_query"',
    },
  )
}
