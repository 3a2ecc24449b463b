// `npm run lineage-oracle -- --project-dir DIR [--profiles-dir DIR] [--target NAME] [--seed 4] [--rounds 200] [--list]`
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Connection } from '../../adapters/adapter.ts'
import type { Flags, World } from '../../commands/flags.ts'
import { loadProject } from '../../commands/load-project.ts'
import { main } from '../../commands/main.ts'
import { UserError } from '../../diagnostics/errors.ts'
import { figuresOf } from './figures.ts'
import { askProject, type ProjectLineageFile, type ProjectManifest } from './project-questions.ts'

/**
 * Asks the data whether the lineage of a project is right, model by model. The project is compiled and checked; where it was
 * built, its own rows are looked at as well. Everything else happens in temporary tables. Ends with 1 if a column changes with
 * one that it does not claim, or if of a hundred claims, or of a hundred columns, more than three could not be shown to matter.
 */
const { values } = parseArgs({
  options: {
    'project-dir': { type: 'string', default: '.' },
    'profiles-dir': { type: 'string' },
    target: { type: 'string' },
    seed: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '200' },
    list: { type: 'boolean', default: false },
  },
})

const MOST_NOT_SHOWN = 0.03
const MOST_ALL = 0.05

const projectDir = resolve(values['project-dir'])
const flags: Flags = {
  projectDir,
  ...(values['profiles-dir'] === undefined ? {} : { profilesDir: resolve(values['profiles-dir']) }),
  ...(values.target === undefined ? {} : { target: values.target }),
}
const world: World = {
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: new AbortController().signal,
}

const artifacts = await mkdtemp(join(tmpdir(), 'lavra-lineage-'))
try {
  process.exitCode = (await writeArtifacts()) ? await ask() : 2
} finally {
  await rm(artifacts, { recursive: true, force: true })
}

async function writeArtifacts(): Promise<boolean> {
  const place = ['--project-dir', projectDir, '--target-path', artifacts, '--quiet']
  const profile = (['profiles-dir', 'target'] as const).flatMap((name) => {
    const value = values[name]
    return value === undefined ? [] : [`--${name}`, name === 'target' ? value : resolve(value)]
  })
  // What a check finds does not matter here. The SQL of incremental models that were built reads themselves: undecided.
  if ((await main(['compile', ...place, ...profile], world)) !== 0) return false
  return (await main(['check', ...place, ...profile], world)) !== 2
}

async function ask(): Promise<number> {
  const project = await loadProject(flags, world, () => {})
  const shadow = await project.createShadow()
  await shadow.adapter.open({ mode: 'read', runId: 'lineage', waitMs: 0 })
  const built = await openBuilt(project)
  try {
    const reports = await askProject({
      manifest: await readJson<ProjectManifest>('manifest.json'),
      lineage: await readJson<ProjectLineageFile>('lineage.json'),
      connection: await shadow.adapter.connect(),
      built: built?.connection,
      seed: Number(values.seed),
      budget: { whole: 12, common: 0, own: Number(values.rounds) },
      onModel: (id, { claimed, notShown, misses, undecided }) => {
        console.log(`${id}: ${claimed.length - notShown.length} of ${claimed.length} claims shown`)
        for (const miss of misses) console.log(`  miss: ${miss}`)
        for (const name of undecided) console.log(`  undecided: ${name}`)
        if (!values.list) return
        for (const { output, input, how } of notShown) console.log(`  not shown: ${output} by ${input} (${how})`)
      },
    })
    const figures = figuresOf(reports)
    const misses = reports.flatMap((report) => report.misses).length
    console.log(JSON.stringify({ misses, ...figures }, null, 2))
    const { notShownShare, outputsNotShownShare, allShare } = figures
    const isShown = Math.max(notShownShare, outputsNotShownShare) <= MOST_NOT_SHOWN
    return misses === 0 && isShown && allShare <= MOST_ALL ? 0 : 1
  } finally {
    await built?.close()
    await shadow.adapter.close()
  }
}

/** The target as it stands; undefined where there is none yet. */
async function openBuilt(
  project: Awaited<ReturnType<typeof loadProject>>,
): Promise<{ readonly connection: Connection; readonly close: () => Promise<void> } | undefined> {
  const adapter = await project.createAdapter()
  try {
    await adapter.open({ mode: 'read', runId: 'lineage', waitMs: 0 })
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
  return { connection: await adapter.connect(), close: async () => await adapter.close() }
}

async function readJson<Content>(name: string): Promise<Content> {
  return JSON.parse(await readFile(join(artifacts, name), 'utf8'))
}
