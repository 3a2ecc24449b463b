import { randomUUID } from 'node:crypto'
import { isAbsolute, join, relative, resolve } from 'node:path'
import type { Adapter } from '../adapters/adapter.ts'
import { findProject as findProjectFolder } from '../config/find-project.ts'
import { loadProfile, type Profile } from '../config/profiles-file.ts'
import { type ProjectFile, type PublishConfig, readProjectFile } from '../config/project-file.ts'
import { parseVarsFlag } from '../config/vars.ts'
import type { ProjectContext } from '../context/project-context.ts'
import type { Emit } from '../events/events.ts'
import { loadManifest } from '../manifest/load-manifest.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { engineOf } from './create-adapter.ts'
import type { Flags, World } from './flags.ts'

/** A project that is read and resolved: everything that a command needs before it opens the database. */
export interface LoadedProject {
  /** Absolute path of the project folder. */
  readonly root: string
  readonly file: ProjectFile
  readonly profile: Profile
  readonly manifest: Manifest
  readonly context: ProjectContext
  readonly publish: PublishConfig
  readonly leaseTimeoutSeconds: number
  /** Absolute path of the folder for artifacts, and how it is called in messages. */
  readonly targetPath: string
  readonly targetName: string
  readonly emit: Emit
  createAdapter(): Adapter
}

/** Reads and resolves the project that the flags name. Throws `UserError`; tells warnings as events. */
export async function loadProject(flags: Flags, world: World, emit: Emit): Promise<LoadedProject> {
  const { root, file } = findProject(flags, world)
  world.enterFolder?.(root)
  const profile = loadProfile({
    projectRoot: root,
    profileName: flags.profile ?? world.env.DBT_PROFILE ?? file.profile,
    environment: world.env,
    ...(flags.profilesDir === undefined ? {} : { profilesDir: resolve(world.cwd, flags.profilesDir) }),
    ...targetName(flags, world),
  })
  for (const secret of profile.secrets) world.secrets?.add(secret)
  const engine = engineOf(profile, root)
  const { manifest, context } = await loadManifest({
    root,
    projectFile: file,
    profile,
    dialect: engine.dialect,
    database: profile.database ?? engine.database,
    vars: flags.vars === undefined ? {} : parseVarsFlag(flags.vars),
    environment: world.env,
    flags: flagsForTemplates(flags),
    runStartedAt: startedAt(),
    invocationId: randomUUID(),
    emit,
  })
  for (const diagnostic of manifest.warnings) emit({ kind: 'diagnostic', diagnostic })
  const targetPath = targetFolder(flags, world, root, file)
  return {
    root,
    file,
    profile,
    manifest,
    context,
    publish: file.publish,
    leaseTimeoutSeconds: file.leaseTimeoutSeconds,
    targetPath,
    targetName: relative(root, targetPath) || targetPath,
    emit,
    createAdapter: () => engine.createAdapter(),
  }
}

/** The project's folder and file, with nothing else read. */
export function findProject(flags: Flags, world: World): { readonly root: string; readonly file: ProjectFile } {
  const start = flags.projectDir === undefined ? world.cwd : resolve(world.cwd, flags.projectDir)
  const found = findProjectFolder(start, { exact: flags.projectDir !== undefined })
  return { root: found.root, file: readProjectFile(found.file, world.env) }
}

function targetName(flags: Flags, world: World): { readonly targetName?: string } {
  const name = flags.target ?? world.env.DBT_TARGET
  return name === undefined ? {} : { targetName: name }
}

function targetFolder(flags: Flags, world: World, root: string, file: ProjectFile): string {
  if (flags.targetPath !== undefined) return resolve(world.cwd, flags.targetPath)
  return isAbsolute(file.targetPath) ? file.targetPath : join(root, file.targetPath)
}

/** Now, with microseconds, which JavaScript's clock has only in `performance`. */
function startedAt(): string {
  const microseconds = Math.floor((performance.now() * 1000) % 1000)
  return `${new Date().toISOString().slice(0, -1)}${String(microseconds).padStart(3, '0')}+00:00`
}

function flagsForTemplates(flags: Flags): ProjectContext['flags'] {
  return {
    FULL_REFRESH: flags.fullRefresh ?? false,
    STORE_FAILURES: flags.storeFailures ?? false,
    FAIL_FAST: flags.failFast ?? false,
    USE_COLORS: flags.color !== false,
    QUIET: flags.quiet ?? false,
    DEBUG: flags.debug ?? false,
    EMPTY: false,
  }
}
