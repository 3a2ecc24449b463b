import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { check } from '../commands/check.ts'
import { type Execution, execute } from '../commands/execute.ts'
import type { Flags, World } from '../commands/flags.ts'
import { copyPathOf, loadProject } from '../commands/load-project.ts'
import { main } from '../commands/main.ts'
import { rollback } from '../commands/rollback.ts'
import { selectNodes } from '../commands/select-nodes.ts'
import type { RunEvent } from '../events/events.ts'
import type { ResourceType } from '../manifest/nodes.ts'
import type { NodeResult } from '../run/results.ts'
import type { SqlValue } from '../sql/value.ts'
import { duckdbEngine, type TestDatabase, type TestEngine } from './engines.ts'

const baseOf = (database: TestDatabase): Readonly<Record<string, string>> => ({
  'project.yml': `name: shop\nversion: '1.0'\nprofile: shop\nmodels:\n  +materialized: table\n`,
  'profiles.yml': `shop:\n  target: dev\n  outputs:\n    dev: { ${database.target}, schema: main, threads: 2 }\n`,
})

/** A `profiles.yml` of two targets in one database. */
export const TWO_TARGETS = `shop:
  target: dev
  outputs:
    dev: { type: duckdb, path: shop.duckdb }
    prod: { type: duckdb, path: shop.duckdb, schema: prod }
`

/** What a run gave, by the names of nodes. */
export interface Outcome {
  readonly execution: Execution
  readonly results: ReadonlyMap<string, NodeResult>
  readonly events: readonly RunEvent[]
}

/** A small project in a folder of its own, for tests that look at results instead of at output. */
export class TemporaryProject {
  readonly root: string
  readonly database: TestDatabase

  private constructor(root: string, database: TestDatabase) {
    this.root = root
    this.database = database
  }

  static async make(
    files: Readonly<Record<string, string>>,
    engine: TestEngine = duckdbEngine,
  ): Promise<TemporaryProject> {
    const root = await mkdtemp(join(tmpdir(), 'lavra-project-'))
    const database = await engine.makeDatabase(root)
    const project = new TemporaryProject(root, database)
    await project.write({ ...baseOf(database), ...files })
    return project
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.root, path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
    }
  }

  /** Takes files and folders away. */
  async erase(...paths: readonly string[]): Promise<void> {
    for (const path of paths) await rm(join(this.root, path), { recursive: true, force: true })
  }

  /**
   * `lavra build`, or only the given kinds of nodes. `onEvent` hears what the run tells while it goes on, and may interrupt
   * it as Ctrl-C does.
   */
  async run(
    flags: Flags = {},
    resourceTypes: readonly ResourceType[] = ['seed', 'model', 'snapshot', 'test'],
    onEvent: (event: RunEvent, interrupt: () => void) => void = () => {},
  ): Promise<Outcome> {
    const events: RunEvent[] = []
    const interruption = new AbortController()
    const emit = (event: RunEvent) => {
      events.push(event)
      onEvent(event, () => interruption.abort(new Error('interrupted by a test')))
    }
    const project = await loadProject(flags, this.world(), emit)
    const execution = await execute({
      command: 'build',
      manifest: project.manifest,
      project: project.context,
      adapter: await project.createAdapter(),
      selected: await selectNodes(project, flags, resourceTypes),
      threads: flags.threads ?? 2,
      publish: flags.publish ?? project.publish.mode,
      copyTo: copyPathOf(project),
      versions: project.file.versions ?? 0,
      lockWaitMs: project.publish.lockTimeoutSeconds * 1000,
      fullRefresh: flags.fullRefresh ?? false,
      storeFailures: flags.storeFailures,
      failFast: flags.failFast ?? false,
      waitMs: 0,
      emit,
      signal: interruption.signal,
      version: '0.0.0',
    })
    const nameOf = (id: NodeResult['id']) => project.manifest.nodes.get(id)?.name ?? id
    return { execution, events, results: new Map(execution.results.map((result) => [nameOf(result.id), result])) }
  }

  /** Runs a command line in this process, as a terminal would; what it prints on both streams is in `text`. */
  async lavra(...argv: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
    let text = ''
    const stream = {
      write: (part: string) => {
        text += part
        return true
      },
    } as unknown as World['stdout'] // only `write` is used
    const code = await main([...argv], { cwd: this.root, env: {}, stdout: stream, stderr: stream })
    return { code, text }
  }

  /** The rows of a query on what is published. */
  query(sql: string): Promise<readonly (readonly SqlValue[])[]> {
    return this.database.query(sql)
  }

  /** `lavra rollback [run]`: what it prints. Fails as the command does. */
  async rollback(run?: string): Promise<string> {
    const lines: string[] = []
    const stdout = { write: (text: string) => lines.push(text) } as unknown as World['stdout'] // only `write` is used
    await rollback({}, { ...this.world(), stdout }, run === undefined ? [] : [run])
    return lines.join('')
  }

  /** `lavra check`: the file of each problem, and the text at its place. */
  async check(): Promise<readonly string[]> {
    const lines: string[] = []
    const stdout = { write: (text: string) => lines.push(text) } as unknown as World['stdout'] // only `write` is used
    await check({ output: 'json' }, { ...this.world(), stdout })
    const report: { readonly problems: readonly { file: string; line: number; column: number; endColumn: number }[] } =
      JSON.parse(lines.join(''))
    return Promise.all(
      report.problems.map(async ({ file, line, column, endColumn }) => {
        const text = (await readFile(join(this.root, file), 'utf8')).split('\n')[line - 1] ?? ''
        return `${file}:${text.slice(column - 1, endColumn - 1)}`
      }),
    )
  }

  /** Changes the database as another program may between two runs. */
  change(sql: string): Promise<void> {
    return this.database.change(sql)
  }

  /** `schema.name` of every relation outside the state, candidates and kept versions included. */
  async relations(): Promise<readonly string[]> {
    const rows = await this.query(
      `select table_schema || '.' || table_name from information_schema.tables where table_schema not in ('_lavra', 'pg_catalog', 'information_schema') order by 1`,
    )
    return rows.flat().map(String)
  }

  async remove(): Promise<void> {
    await this.database.remove()
    await rm(this.root, { recursive: true, force: true })
  }

  /** What a command of the command line is given to run on this project, in silence. */
  world(): World {
    const silent = { write: () => true } as unknown as World['stdout'] // only `write` is used
    return { cwd: this.root, env: {}, stdout: silent, stderr: silent, signal: new AbortController().signal }
  }
}
