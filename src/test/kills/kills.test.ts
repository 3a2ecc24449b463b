import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunStep } from '../../events/events.ts'
import { VERSION_VECTOR, writeProject } from './project.ts'

const STEPS: readonly RunStep[] = [
  'connect',
  'sweep',
  'build',
  'test',
  'publish',
  'merge',
  'swap',
  'views',
  'state',
  'commit',
  'clean',
]
const KILLS = Number(process.env.LAVRA_KILLS ?? 110)
const CHILD = join(dirname(fileURLToPath(import.meta.url)), 'child.ts')

let root: string
let seenPath: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lavra-kills-'))
  seenPath = join(root, 'seen.txt')
  await writeProject(root)
})

afterAll(() => rm(root, { recursive: true, force: true }))

test(
  `${KILLS} kills at every step leave every reader on a whole version`,
  async () => {
    const seed = Number(process.env.LAVRA_KILL_SEED ?? Date.now() % 1_000_000)
    const random = randomFrom(seed)
    expect(await runChild(0)).toMatchObject({ ended: true })
    let version = 0
    let published = 0
    const hit = new Map<string, number>()
    for (let kill = 1; kill <= KILLS; kill++) {
      version += 1
      const step = STEPS[(kill - 1) % STEPS.length]!
      const run = await runChild(version, { step, delayMs: random() < 0.5 ? 0 : random() * 4 })
      if (!run.ended) hit.set(run.lastStep, (hit.get(run.lastStep) ?? 0) + 1)
      const vector = await readVector()
      const where = `kill ${kill} after "${step}", seed ${seed}: ${vector.join(' ')}`
      expect(new Set(vector).size, `one version: ${where}`).toBe(1)
      const found = vector[0]!
      expect([published, version], `the last or this version: ${where}`).toContain(found)
      published = found
    }
    expect(versionsSeen(), `seed ${seed}`).toEqual([])
    expect([...hit.keys()].sort(), 'every step was hit').toEqual([...STEPS].sort())

    expect(await runChild(version + 1)).toMatchObject({ ended: true })
    expect(new Set(await readVector())).toEqual(new Set([version + 1]))
    expect(await leftovers()).toEqual([])
  },
  30 * 60_000,
)

interface ChildRun {
  readonly lastStep: string
  /** It came to its end before it was killed. */
  readonly ended: boolean
}

/** Builds one version in a process of its own, and kills it when it reaches a step. */
function runChild(version: number, kill?: { readonly step: RunStep; readonly delayMs: number }): Promise<ChildRun> {
  const child = spawn(process.execPath, ['--no-warnings', CHILD, root, String(version), seenPath])
  let lastStep = ''
  let ended = false
  let errors = ''
  let isDoomed = false
  const end = () => child.kill('SIGKILL')
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  child.stdout.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n').filter(Boolean)) {
      if (line.startsWith('exit ')) ended = true
      else lastStep = line
      if (line === kill?.step && !isDoomed) {
        isDoomed = true
        if (kill.delayMs === 0) end()
        else setTimeout(end, kill.delayMs)
      }
    }
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve({ lastStep, ended })
      else reject(new Error(`the build of version ${version} ended with ${code ?? signal}\n${errors}`))
    })
  })
}

/** The version of every published relation, read by a process that starts afresh on the file. */
async function readVector(): Promise<readonly number[]> {
  return withDatabase(async (query) => (await query(VERSION_VECTOR))[0]!.map(Number))
}

/** Relations that bear the mark of a candidate. */
async function leftovers(): Promise<readonly string[]> {
  const rows = await withDatabase((query) =>
    query(`select table_name from information_schema.tables where regexp_matches(table_name, '__lavra_[0-9a-f]{8}')`),
  )
  return rows.map(([name]) => String(name))
}

async function withDatabase<Result>(
  work: (query: (sql: string) => Promise<readonly (readonly unknown[])[]>) => Promise<Result>,
): Promise<Result> {
  const instance = await DuckDBInstance.create(join(root, 'shop.duckdb'))
  try {
    const connection = await instance.connect()
    const result = await work(async (sql) => (await connection.runAndReadAll(sql)).getRows())
    connection.closeSync()
    return result
  } finally {
    instance.closeSync()
  }
}

/** Vectors that a reader inside a killed process saw and that are not one version. */
function versionsSeen(): readonly string[] {
  if (!existsSync(seenPath)) return ['no reader saw anything']
  const lines = readFileSync(seenPath, 'utf8').split('\n')
  rmSync(seenPath)
  // The last line of a process that was killed while it wrote may be cut; lines are written whole otherwise.
  const vectors = lines.filter((line) => line.split(' ').length === VERSION_VECTOR.split(',').length)
  if (vectors.length === 0) return ['no reader saw a whole vector']
  return lines.filter(
    (line) => line.startsWith('error') || (vectors.includes(line) && new Set(line.split(' ')).size > 1),
  )
}

/** A small generator of numbers in [0, 1), so that a failure can be replayed by its seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
