import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { secretsOfEnvironment } from '../config/secrets.ts'
import type { DependencyNotes } from '../context/dependencies.ts'
import type { Emit } from '../events/events.ts'
import { isUnchanged, type Stamps, stampProject } from '../manifest/stamps.ts'
import { version } from '../version.ts'
import type { Flags, World } from './flags.ts'
import type { LocatedProject } from './locate-project.ts'

/**
 * What the last `lavra compile` was made from and what it made: `target/compile-record.json`. As long as all of it is as it
 * was, another one would write the same files.
 */
interface CompileRecord {
  /** Hash of everything that is read before the project's folders are. */
  readonly settings: string
  readonly files: Stamps
  /** The environment variables that templates asked for; null where one was not set. */
  readonly environment: Readonly<Record<string, string | null>>
  readonly nodes: number
  /** Sizes of the files written, by path below the target folder. */
  readonly written: Readonly<Record<string, number>>
  /** Of `manifest.json`, which other commands write too. */
  readonly manifestTime: number
}

/** How many nodes stand compiled, where compiling again would change nothing; otherwise undefined. */
export function compiledBefore(located: LocatedProject, flags: Flags, world: World): number | undefined {
  const record = readRecord(located.targetPath)
  if (!record || record.settings !== settingsOf(located, flags, world)) return undefined
  const isSet = ([name, value]: readonly [string, string | null]) => (world.env[name] ?? null) === value
  if (!Object.entries(record.environment).every(isSet)) return undefined
  if (!isUnchanged(located.root, located.file, record.files)) return undefined
  return isWritten(located.targetPath, record) ? record.nodes : undefined
}

/** Notices what a compilation depends on, from before the first file is read, and writes the record of it. */
export class CompileRecorder implements DependencyNotes {
  readonly #targetPath: string
  readonly #settings: string
  readonly #files: Stamps
  readonly #environment: Record<string, string | null> = {}
  #canBeKnown = true

  constructor(located: LocatedProject, flags: Flags, world: World) {
    this.#targetPath = located.targetPath
    this.#settings = settingsOf(located, flags, world)
    this.#files = stampProject(located.root, located.file)
  }

  environment(name: string, value: string | undefined): void {
    this.#environment[name] = value ?? null
  }

  elsewhere(): void {
    this.#canBeKnown = false
  }

  /** What is told while compiling, warnings above all, is to be told every time. */
  noticing(emit: Emit): Emit {
    return (event) => {
      this.elsewhere()
      emit(event)
    }
  }

  /** Call when that many nodes are compiled, the files of these sizes are written, by path, and the manifest is. */
  write(nodes: number, written: CompileRecord['written']): void {
    if (!this.#canBeKnown) return
    const record: CompileRecord = {
      settings: this.#settings,
      files: this.#files,
      environment: this.#environment,
      nodes,
      written,
      manifestTime: statSync(join(this.#targetPath, MANIFEST)).mtimeMs,
    }
    writeFileSync(join(this.#targetPath, RECORD), JSON.stringify(record))
  }
}

const RECORD = 'compile-record.json'
const MANIFEST = 'manifest.json'

function settingsOf({ root, file, profile }: LocatedProject, flags: Flags, world: World): string {
  const { output: _, wait: __, ...shaping } = flags
  const program = statSync(fileURLToPath(import.meta.url)).mtimeMs
  const folders = [
    file.modelPaths,
    file.seedPaths,
    file.snapshotPaths,
    file.testPaths,
    file.macroPaths,
    file.packagesPath,
  ]
  const project = { text: file.file.text, name: file.name, version: file.version, folders }
  const database = profile.path !== undefined && existsSync(resolve(root, profile.path))
  const secrets = secretsOfEnvironment(world.env)
  const all = { version, program, node: process.version, root, shaping, project, profile: profile.fields, secrets }
  const text = JSON.stringify([all, profile.name, profile.target, database])
  return createHash('sha256').update(text).digest('hex')
}

function readRecord(targetPath: string): CompileRecord | undefined {
  try {
    // We wrote it; a file of another version has other settings, and one that was cut off is no JSON.
    return JSON.parse(readFileSync(join(targetPath, RECORD), 'utf8')) as CompileRecord
  } catch {
    // Without a record everything is compiled.
    return undefined
  }
}

function isWritten(targetPath: string, { written, manifestTime }: CompileRecord): boolean {
  const found = (path: string) => statSync(join(targetPath, path), { throwIfNoEntry: false })
  if (found(MANIFEST)?.mtimeMs !== manifestTime) return false
  return Object.entries(written).every(([path, size]) => found(path)?.size === size)
}
