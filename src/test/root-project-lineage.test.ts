import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Connection, DatabaseError } from '../adapters/adapter.ts'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import type { World } from '../commands/flags.ts'
import { main } from '../commands/main.ts'
import type { NodeLineage } from '../lineage/project-lineage.ts'

/**
 * The data is asked whether the lineage of the root project is right: every column of everything that a model reads is changed
 * in several ways, and only outputs that claim that column may change.
 */

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const PARTS = ['project.yml', 'profiles.yml', 'models', 'seeds', 'macros', 'tests', 'snapshots']

/** Ways to change a column: its values one row further, none at all, one for all, every other one. */
const CHANGES: readonly ((column: string) => string)[] = [
  (column) => `coalesce(lead(${column}) over (), first(${column}) over ())`,
  (column) => `nullif(${column}, ${column})`,
  (column) => `first(${column}) over ()`,
  (column) => `case when row_number() over () % 2 = 0 then ${column} else last(${column}) over () end`,
]

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lavra-platform-'))
  for (const part of PARTS) await cp(join(REPOSITORY, part), join(root, part), { recursive: true })
  // Before anything is built: the SQL of first runs, which is what lineage is told of.
  for (const command of ['compile', 'check', 'build']) {
    const target = command === 'build' ? 'target' : 'first'
    expect(await main([command, '--quiet', '--target-path', target], silence(root))).toBe(0)
  }
}, 120_000)
afterAll(() => rm(root, { recursive: true, force: true }))

test('no column of a model changes with a column that it does not claim', { timeout: 240_000 }, async () => {
  const { nodes, sources } = await readJson<Artifact>('manifest.json')
  const lineage = (await readJson<{ readonly nodes: Readonly<Record<string, NodeLineage>> }>('lineage.json')).nodes
  const readable = new Map(Object.entries({ ...nodes, ...sources }).map(([id, { relation_name: name }]) => [id, name]))
  const adapter = createDuckdbAdapter({
    path: join(root, 'platform.duckdb'),
    projectRoot: root,
    settings: { threads: 1 },
  })
  await adapter.open({ mode: 'write', runId: 'lineage', waitMs: 0 })
  try {
    const connection = await adapter.connect()
    const found: Found = { misses: [], claimed: 0, shown: 0, models: 0 }
    for (const [id, node] of Object.entries(nodes)) {
      const isModel = node.resource_type === 'model' && node.config.materialized !== 'ephemeral'
      if (!isModel || node.config.per_value || !lineage[id]) continue
      await askModel(connection, { id, sql: node.compiled_code, lineage: lineage[id], readable }, found)
    }
    expect(found.misses).toEqual([])
    expect(found.models).toBeGreaterThan(20)
    // What is claimed matters: of a hundred claims, at most three could not be shown to.
    expect(found.shown / found.claimed).toBeGreaterThan(0.97)
  } finally {
    await adapter.close()
  }
})

interface Artifact {
  readonly nodes: Readonly<Record<string, ArtifactNode>>
  readonly sources: Readonly<Record<string, Pick<ArtifactNode, 'relation_name'>>>
}

interface ArtifactNode {
  readonly resource_type: string
  readonly relation_name: string
  readonly compiled_code: string
  readonly config: { readonly materialized: string; readonly per_value?: unknown }
}

interface Found {
  misses: string[]
  claimed: number
  shown: number
  models: number
}

interface Asked {
  readonly id: string
  readonly sql: string
  readonly lineage: NodeLineage
  readonly readable: ReadonlyMap<string, string>
}

/** Everything that the model reads is copied into tables of its own first, files among it. */
async function askModel(connection: Connection, asked: Asked, found: Found): Promise<void> {
  const { id, lineage } = asked
  await connection.execute('drop schema if exists asked cascade; create schema asked')
  let { sql } = asked
  const copies = new Map<string, string>()
  for (const read of lineage.reads) {
    const name = asked.readable.get(read) ?? ''
    if (!sql.includes(name)) continue
    const copy = `asked.copy_${copies.size}`
    await connection.execute(`create table ${copy} as select * from ${name}`)
    sql = sql.replaceAll(name, copy)
    copies.set(read, copy)
  }
  const before = await outputs(connection, sql)
  expect(await outputs(connection, sql), `${id} gives the same twice`).toEqual(before)
  found.models += 1
  for (const [read, copy] of copies) {
    const { columns } = await connection.query(`select * from ${copy} limit 0`)
    for (const { name } of columns) {
      const claims = lineage.columns.map(({ inputs }) =>
        [...inputs, ...lineage.rows].some(
          ({ node, column }) => node === read && (column === name || column === undefined),
        ),
      )
      const changed = await changedOutputs(connection, { sql, copy, column: name, before, claims })
      for (const [place, isClaimed] of claims.entries()) {
        if (isClaimed) found.claimed += 1
        if (!changed.has(place)) continue
        if (isClaimed) found.shown += 1
        else found.misses.push(`${id}.${lineage.columns[place]?.name} changes with ${read}.${name}`)
      }
    }
  }
}

async function changedOutputs(
  connection: Connection,
  asked: {
    readonly sql: string
    readonly copy: string
    readonly column: string
    readonly before: readonly string[]
    readonly claims: readonly boolean[]
  },
): Promise<ReadonlySet<number>> {
  const { sql, copy, column, before, claims } = asked
  const quoted = `"${column.replaceAll('"', '""')}"`
  const changed = new Set<number>()
  for (const [index, change] of CHANGES.entries()) {
    // Two changes for what is not claimed, more for claims that were not shown yet.
    if (index >= 2 && claims.every((isClaimed, place) => !isClaimed || changed.has(place))) break
    await connection.begin()
    try {
      await connection.execute(
        `create or replace table ${copy} as select * replace (${change(quoted)} as ${quoted}) from ${copy}`,
      )
      const after = await outputs(connection, sql)
      for (const [place, output] of after.entries()) if (output !== before[place]) changed.add(place)
    } catch (error) {
      // A model may refuse such values.
      if (!(error instanceof DatabaseError)) throw error
    } finally {
      await connection.rollback()
    }
  }
  return changed
}

/** Each column's values in an order of their own, so that only what is in it counts. */
async function outputs(connection: Connection, sql: string): Promise<readonly string[]> {
  const { columns, rows } = await connection.query(sql)
  return columns.map((_, place) =>
    rows
      .map((row) => JSON.stringify(row[place], (__, part) => (typeof part === 'bigint' ? String(part) : part)) ?? '')
      .sort()
      .join('\n'),
  )
}

async function readJson<Content>(name: string): Promise<Content> {
  return JSON.parse(await readFile(join(root, 'first', name), 'utf8'))
}

function silence(cwd: string) {
  const stdout = { write: () => true } as unknown as World['stdout'] // only `write` is used
  return { cwd, env: {}, stdout, stderr: stdout }
}
