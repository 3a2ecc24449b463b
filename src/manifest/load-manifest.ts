import type { Profile } from '../config/profiles-file.ts'
import type { ProjectFile } from '../config/project-file.ts'
import { secretsOfEnvironment } from '../config/secrets.ts'
import { createVars } from '../config/vars.ts'
import type { DependencyNotes } from '../context/dependencies.ts'
import {
  BUILTIN_PACKAGE,
  builtinMacroFiles,
  createMacroRegistry,
  type ProjectContext,
  type TargetContext,
} from '../context/index.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { stopOnErrors } from '../diagnostics/errors.ts'
import type { Emit } from '../events/events.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { JsonObject } from '../util/json.ts'
import type { Manifest } from './manifest.ts'
import type { Macro } from './nodes.ts'
import { type InstalledPackage, readPackages } from './packages.ts'
import { parseDocs } from './parse/docs.ts'
import { parseProject } from './parse/index.ts'
import { parseMacros } from './parse/macros.ts'
import { type ProjectFiles, readProject } from './read.ts'
import { resolve } from './resolve.ts'
import { checkRules } from './rules/index.ts'
import { checkUniqueNames } from './rules/unique-names.ts'

export interface LoadManifestInput {
  /** Absolute path of the project folder. */
  readonly root: string
  readonly projectFile: ProjectFile
  readonly profile: Profile
  readonly dialect: Dialect
  /** The adapter's database. */
  readonly database: string
  /** `--vars`. */
  readonly vars: JsonObject
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly flags: JsonObject
  readonly runStartedAt: string
  readonly invocationId: string
  readonly emit: Emit
  readonly dependencies?: DependencyNotes
}

export interface LoadedManifest {
  readonly manifest: Manifest
  /** What every template of the run shares. */
  readonly context: ProjectContext
}

/** From the project's folder to its manifest. Throws `UserError` with all problems of the first stage that has any. */
export async function loadManifest(input: LoadManifestInput): Promise<LoadedManifest> {
  const { root, projectFile } = input
  const files = readProject(root, projectFile)
  const { packages, warnings } = readPackages(root, projectFile.packagesPath)
  const problems: Diagnostic[] = [...warnings]
  const macros = parseAllMacros(files, projectFile.name, packages, problems)
  const docs = parseDocs(
    files.docs.map(({ file }) => file),
    problems,
  )
  stopOnErrors(problems)
  const context = projectContext(input, macros, packages)
  const parsed = parseProject({ project: context, projectFile, docs, problems }, files, macros)
  stopOnErrors(checkUniqueNames(parsed))
  const resolved = resolve(parsed, context, projectFile.quoting)
  const warned = stopOnErrors(checkRules(resolved, input.dialect))
  const manifest = { ...resolved, warnings: [...projectFile.warnings, ...resolved.warnings, ...warned] }
  return { manifest, context }
}

function parseAllMacros(
  files: ProjectFiles,
  projectName: string,
  packages: readonly InstalledPackage[],
  problems: Diagnostic[],
): readonly Macro[] {
  const own = files.macros.map(({ file }) => file)
  return [
    ...parseMacros(builtinMacroFiles(), BUILTIN_PACKAGE, problems),
    ...packages.flatMap(({ name, macroFiles }) => parseMacros(macroFiles, name, problems)),
    ...parseMacros(own, projectName, problems),
  ]
}

function projectContext(
  input: LoadManifestInput,
  macros: readonly Macro[],
  packages: readonly InstalledPackage[],
): ProjectContext {
  const packageVars = Object.fromEntries(packages.map(({ name, vars }) => [name, vars]))
  const { projectFile } = input
  return {
    name: projectFile.name,
    version: projectFile.version,
    root: input.root,
    target: targetContext(input),
    dialect: input.dialect,
    vars: createVars(input.vars, projectFile.vars, packageVars),
    env: withoutSecrets(input.environment),
    macros: createMacroRegistry(macros, { rootPackage: projectFile.name }),
    dispatch: projectFile.dispatch,
    ...(projectFile.queryComment ? { queryComment: projectFile.queryComment } : {}),
    runStartedAt: input.runStartedAt,
    invocationId: input.invocationId,
    flags: input.flags,
    emit: input.emit,
    ...(input.dependencies ? { dependencies: input.dependencies } : {}),
    secrets: [...new Set([...input.profile.secrets, ...secretsOfEnvironment(input.environment)])],
  }
}

/** Fields of a target that templates may see beside those that every target has. */
const HARMLESS_FIELDS = ['path', 'host', 'port', 'user', 'dbname', 'role', 'search_path', 'sslmode']

function targetContext({ profile, database }: LoadManifestInput): TargetContext {
  const fields = Object.entries(profile.fields).filter(([key]) => HARMLESS_FIELDS.includes(key))
  return {
    profile_name: profile.name,
    name: profile.target,
    type: profile.type,
    database,
    schema: profile.schema,
    threads: profile.threads,
    fields: Object.fromEntries(fields),
  }
}

function withoutSecrets(environment: LoadManifestInput['environment']): LoadManifestInput['environment'] {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('DBT_ENV_SECRET')))
}
