import type { Emit } from '../events/events.ts'
import type { Json } from '../util/json.ts'

/** The flags of the command line, as the commands take them. One type: a command reads those that it offers. */
export interface Flags {
  /** The command in dbt's words, for templates: `flags.WHICH`. */
  readonly which?: string
  // where the project is
  readonly projectDir?: string
  readonly profilesDir?: string
  readonly profile?: string
  readonly target?: string
  readonly targetPath?: string
  readonly vars?: string
  // how it is told
  readonly logFormat?: 'text' | 'json'
  /** True puts colours into a pipe too; absent leaves it to the terminal. */
  readonly color?: boolean
  readonly quiet?: boolean
  readonly debug?: boolean
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'none'
  /** False: what templates `print` is not shown. */
  readonly print?: boolean
  /** Every warning is an error. */
  readonly warnError?: boolean
  /** Which warnings are errors: YAML as text, or the map that it stands for. */
  readonly warnErrorOptions?: Json
  /** False: no `manifest.json` and no `run_results.json`. */
  readonly writeJson?: boolean
  readonly output?: string
  readonly outputKeys?: readonly string[]
  readonly junit?: string
  readonly github?: boolean
  // what is selected
  readonly select?: readonly string[]
  readonly exclude?: readonly string[]
  readonly resourceType?: readonly string[]
  readonly excludeResourceType?: readonly string[]
  readonly indirectSelection?: 'eager' | 'cautious' | 'buildable' | 'empty'
  readonly state?: string
  // how it is run
  readonly threads?: number
  /** One thread, whatever `threads` says. */
  readonly singleThreaded?: boolean
  readonly fullRefresh?: boolean
  readonly failFast?: boolean
  readonly storeFailures?: boolean
  readonly publish?: 'all' | 'passing' | 'each'
  readonly wait?: number
  readonly dryRun?: boolean
  // single commands
  /** SQL is bound without the target's database, by what is known of it. */
  readonly offline?: boolean
  /** False: the documentation has no compiled SQL, no column lineage and no findings. */
  readonly compile?: boolean
  /** Where the documentation is served. */
  readonly port?: number
  readonly host?: string
  readonly inline?: string
  /** The arguments of a macro, as YAML. */
  readonly args?: string
  readonly limit?: number
  // reports
  readonly panel?: string
  /** A predicate of SQL. */
  readonly where?: string
  /** Each `column=value`. */
  readonly filter?: readonly string[]
  readonly format?: 'table' | 'md' | 'csv' | 'json' | 'parquet'
  readonly outputFile?: string
  readonly locale?: string
}

/** What a command needs of the world, so that it can be run inside a test or another program. */
export interface World {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
  /** Sees every event of a run before it is told. */
  readonly onEvent?: Emit
  /** Makes a folder the process's own, so that what a project reads by relative paths is found and named from there. */
  readonly enterFolder?: (folder: string) => void
  /** Values that no output may hold; loading a project adds those of its profile. */
  readonly secrets?: Set<string>
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
}

/** 0 all good, 1 something ran and failed, 2 it could not run, 130 and 143 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130 | 143
