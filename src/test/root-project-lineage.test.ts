import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import type { World } from '../commands/flags.ts'
import { main } from '../commands/main.ts'
import { figuresOf } from './lineage/figures.ts'
import { askProject, type ProjectLineageFile, type ProjectManifest } from './lineage/project-questions.ts'

/**
 * The data is asked whether the lineage of the root project is right: every column of everything that a model reads is changed
 * in several ways, and only outputs that claim that column may change.
 */

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const PARTS = ['project.yml', 'profiles.yml', 'models', 'seeds', 'macros', 'tests', 'snapshots']

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
  const adapter = createDuckdbAdapter({
    path: join(root, 'platform.duckdb'),
    projectRoot: root,
    settings: { threads: 1 },
  })
  const shadow = createDuckdbAdapter({ path: ':memory:', projectRoot: root, settings: { threads: 1 } })
  for (const one of [adapter, shadow]) await one.open({ mode: 'read', runId: 'lineage', waitMs: 0 })
  try {
    const reports = await askProject({
      manifest: await readJson<ProjectManifest>('manifest.json'),
      lineage: await readJson<ProjectLineageFile>('lineage.json'),
      connection: await shadow.connect(),
      built: await adapter.connect(),
      seed: 4,
      budget: { whole: 6, common: 0, own: 200 },
    })
    const figures = figuresOf(reports)
    expect(reports.flatMap(({ misses, undecided }) => [...misses, ...undecided])).toEqual([])
    expect(figures.queries).toBeGreaterThan(20)
    expect(figures.notShownShare).toBeLessThanOrEqual(0.03)
    expect(figures.outputsNotShownShare).toBeLessThanOrEqual(0.03)
    expect(figures.allShare).toBeLessThanOrEqual(0.05)
  } finally {
    await adapter.close()
    await shadow.close()
  }
})

async function readJson<Content>(name: string): Promise<Content> {
  return JSON.parse(await readFile(join(root, 'first', name), 'utf8'))
}

function silence(cwd: string) {
  const stdout = { write: () => true } as unknown as World['stdout'] // only `write` is used
  return { cwd, env: {}, stdout, stderr: stdout }
}
