import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { Adapter } from '../adapters/adapter.ts'
import type { WriteParquet } from '../adapters/parquet-writer.ts'
import type { Profile } from '../config/profiles-file.ts'
import type { ProjectFile, PublishConfig } from '../config/project-file.ts'
import { parseVarsFlag } from '../config/vars.ts'
import type { DependencyNotes } from '../context/dependencies.ts'
import type { ProjectContext } from '../context/project-context.ts'
import { heedWarnings, type WarningPolicy } from '../diagnostics/warning-policy.ts'
import type { Emit } from '../events/events.ts'
import { loadManifest } from '../manifest/load-manifest.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Vocabulary } from '../sql/vocabulary.ts'
import { engineOf, type OfflineShadow, type Shadow } from './create-adapter.ts'
import type { Flags, World } from './flags.ts'
import { locateProject } from './locate-project.ts'
import { warningPolicy } from './warn-error.ts'

/** A project that is read and resolved: everything that a command needs before it opens the database. */
export interface LoadedProject {
  /** Absolute path of the project folder. */
  readonly root: string
  readonly file: ProjectFile
  readonly profile: Profile
  readonly dialect: Dialect
  readonly manifest: Manifest
  readonly context: ProjectContext
  readonly publish: PublishConfig
  readonly leaseTimeoutSeconds: number
  /** Absolute path of the folder for artifacts, and how it is called in messages. */
  readonly targetPath: string
  readonly targetName: string
  readonly emit: Emit
  /** What becomes of warnings, by the flags. */
  readonly warnings: WarningPolicy
  createAdapter(): Promise<Adapter>
  createShadow(): Promise<Shadow>
  createOfflineShadow(vocabulary: Vocabulary): Promise<OfflineShadow>
  readonly writeParquet: WriteParquet
}

/** Reads and resolves the project that the flags name. Throws `UserError`; tells warnings as events. */
export async function loadProject(
  flags: Flags,
  world: World,
  emit: Emit,
  dependencies?: DependencyNotes,
): Promise<LoadedProject> {
  const { root, file, profile: written, targetPath, targetName } = locateProject(flags, world)
  const engine = engineOf(written, root, { environment: world.env, isOffline: flags.offline ?? false })
  const profile = { ...written, secrets: [...new Set([...written.secrets, ...engine.secrets])] }
  for (const secret of engine.secrets) world.secrets?.add(secret)
  const warnings = warningPolicy(flags)
  // A warning of a template that is an error ends what was rendered, where it stands.
  const emitHeeding: Emit = (event) => {
    if (event.kind !== 'diagnostic') return emit(event)
    for (const diagnostic of heedWarnings(warnings, [event.diagnostic])) emit({ kind: 'diagnostic', diagnostic })
  }
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
    emit: emitHeeding,
    ...(dependencies ? { dependencies } : {}),
  })
  for (const diagnostic of heedWarnings(warnings, manifest.warnings)) emit({ kind: 'diagnostic', diagnostic })
  return {
    root,
    file,
    profile,
    dialect: engine.dialect,
    manifest,
    context,
    publish: file.publish,
    leaseTimeoutSeconds: file.leaseTimeoutSeconds,
    targetPath,
    targetName,
    emit,
    warnings,
    createAdapter: () => engine.createAdapter(),
    createShadow: () => engine.createShadow(),
    createOfflineShadow: (vocabulary) => engine.createOfflineShadow(vocabulary),
    writeParquet: engine.writeParquet,
  }
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
    INDIRECT_SELECTION: flags.indirectSelection ?? 'eager',
    LOG_FORMAT: flags.logFormat ?? 'text',
    PRINT: flags.print ?? true,
    USE_COLORS: flags.color !== false,
    QUIET: flags.quiet ?? false,
    DEBUG: flags.debug ?? false,
    WHICH: flags.which ?? null,
    WARN_ERROR: flags.warnError ?? false,
    WRITE_JSON: flags.writeJson ?? true,
    EMPTY: false,
  }
}

/** Where the copy for readers is put; undefined when the project asks for none. */
export function copyPathOf({ publish, root }: Pick<LoadedProject, 'publish' | 'root'>): string | undefined {
  return publish.copy === undefined ? undefined : resolve(root, publish.copy)
}
