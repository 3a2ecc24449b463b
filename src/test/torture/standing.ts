import type { Query } from './engine.ts'
import { type ProjectRelation, relationsOf, versionVector } from './project.ts'

/** Everything that the invariants speak of, as one look at the database found it. */
export interface Standing {
  readonly vector: readonly number[]
  /** `_lavra.relations` of the target. */
  readonly recorded: readonly RecordedRelation[]
  /** Every relation of the target's schemas. */
  readonly existing: readonly ExistingRelation[]
  /** Rows and watermark by name, of what the version should have and what is there. */
  readonly measured: ReadonlyMap<string, { readonly rows: number; readonly watermark: string | null }>
  /** Runs of the target that are recorded as published: their ids. */
  readonly publishedRuns: readonly string[]
  /** The marks of the candidates that are recorded. */
  readonly candidateMarks: readonly string[]
  /** What `_lavra.versions` keeps of the model `retained`, with the version that each holds, the newest first. */
  readonly retained: readonly number[]
  /** The versions that the publishing transactions wrote down, in order. */
  readonly journal: readonly number[]
}

export interface RecordedRelation {
  readonly name: string
  readonly kind: string
  readonly runId: string
  readonly rows: number | undefined
  readonly watermark: string | null
}

export interface ExistingRelation {
  readonly name: string
  readonly identifier: string
  readonly kind: string
}

export async function readStanding(query: Query, schema: string): Promise<Standing> {
  const [vector = []] = await query(versionVector(schema))
  const numbers = vector.map(Number)
  const recorded = await query(
    `select schema_name, identifier, kind, run_id, row_count, watermark from _lavra.relations where target_schema = '${schema}'`,
  )
  const existing = await query(
    `select table_schema, table_name, table_type from information_schema.tables where table_schema in ('${schema}', '${schema}_gold')`,
  )
  const names = new Set(existing.map(([place, name]) => `${place}.${name}`))
  const tables = relationsOf(numbers[0] ?? 0, schema).filter(
    (relation) => relation.kind === 'table' && names.has(nameOf(relation)),
  )
  const runs = await query(`select run_id from _lavra.runs where target_schema = '${schema}' and published`)
  const marks = await query(`select distinct mark from _lavra.candidates where target_schema = '${schema}'`)
  const journal = await query(`select version from ${schema}.journal order by version`)
  return {
    vector: numbers,
    recorded: recorded.map(([place, name, kind, runId, rows, watermark]) => ({
      name: `${place}.${name}`,
      kind: String(kind),
      runId: String(runId),
      rows: rows === null || rows === undefined ? undefined : Number(rows),
      watermark: watermark ?? null,
    })),
    existing: existing.map(([place, name, kind]) => ({
      name: `${place}.${name}`,
      identifier: String(name),
      kind: kind === 'VIEW' ? 'view' : 'table',
    })),
    measured: await measure(query, tables),
    publishedRuns: runs.map(([id]) => String(id)),
    candidateMarks: marks.map(([mark]) => String(mark)),
    retained: await retainedVersions(query, schema),
    journal: journal.map(([version]) => Number(version)),
  }
}

/** All rows of what the version has, as text: equal for two databases that hold the same. */
export async function readRows(
  query: Query,
  version: number,
  schema: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = new Map<string, readonly string[]>()
  for (const relation of relationsOf(version, schema)) {
    const where = relation.comparable === undefined ? '' : ` where ${relation.comparable}`
    const found = await query(`select * from ${nameOf(relation)}${where}`)
    rows.set(nameOf(relation), found.map((row) => row.join(' | ')).sort())
  }
  return rows
}

export function nameOf(relation: ProjectRelation): string {
  return `${relation.schema}.${relation.identifier}`
}

async function measure(query: Query, tables: readonly ProjectRelation[]): Promise<Standing['measured']> {
  const parts = tables.map((table) => {
    const watermark = table.eventTime === undefined ? 'null' : `max(${table.eventTime})`
    return `select '${nameOf(table)}', count(*), cast(${watermark} as varchar) from ${nameOf(table)}`
  })
  const rows = await query(parts.join('\nunion all\n'))
  return new Map(
    rows.map(([name, count, watermark]) => [String(name), { rows: Number(count), watermark: watermark ?? null }]),
  )
}

async function retainedVersions(query: Query, schema: string): Promise<readonly number[]> {
  const kept = await query(
    `select retained_as from _lavra.versions where schema_name = '${schema}' and identifier = 'retained' and kind <> 'absent'`,
  )
  if (kept.length === 0) return []
  const rows = await query(kept.map(([name]) => `select version from ${schema}.${name}`).join(' union all '))
  return rows.map(([version]) => Number(version)).sort((a, b) => b - a)
}
