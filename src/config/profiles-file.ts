import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { SourceFile } from '../text/source-file.ts'
import type { JsonObject } from '../util/json.ts'
import { isJsonObject } from '../util/json.ts'
import { childOf, entriesOf, type LocatedValue, withValue } from './located-value.ts'
import { type Environment, renderWithEnvironment } from './render-env.ts'
import { hideable } from './secrets.ts'
import { count, mismatch, text } from './shape.ts'
import { parseYaml } from './yaml.ts'

/** One target of a profile: where the project is built. Holds secrets: never print or write `fields` as a whole. */
export interface Profile {
  readonly name: string
  /** The name of the target. */
  readonly target: string
  readonly type: 'duckdb' | 'postgres'
  readonly threads: number
  readonly schema: string
  /** The database that the profile names, if any: Postgres' dbname. DuckDB's is told by its file. */
  readonly database?: string
  /** DuckDB: the file, as written; `:memory:` where none is named. */
  readonly path?: string
  /** Every field as written and rendered, `type`, `schema` and `threads` too: what adapters read their options from. */
  readonly fields: JsonObject
  /** Where each field stands, for messages of adapters. */
  readonly at: LocatedValue
  /** Values that must appear nowhere: passwords, tokens and what came from `DBT_ENV_SECRET…`. */
  readonly secrets: readonly string[]
  /** The file, with the values of secret fields masked. */
  readonly file: SourceFile
}

export interface ProfileRequest {
  readonly projectRoot: string
  /** `--profiles-dir`. */
  readonly profilesDir?: string
  readonly profileName: string
  /** `--target`; the profile's own `target` where absent, then `default`. */
  readonly targetName?: string
  readonly environment: Environment
  /**
   * Nothing is going to be connected to: fields whose environment variables are not set are left out, but for those that say
   * what the relations are called.
   */
  readonly isOffline?: boolean
}

const TYPES = ['duckdb', 'postgres'] as const

/** Names of fields whose values are secrets, at any depth. */
const SECRET_FIELD = /pass|secret|token|key_id|private|credential|pwd/i

/**
 * The target that a project is built on. The file is the first of: `--profiles-dir`, `DBT_PROFILES_DIR`, the project's
 * own folder, `~/.dbt`. Only the chosen target is rendered, so another one's missing variable does no harm.
 * Throws `UserError` with a located problem.
 */
export function loadProfile(request: ProfileRequest): Profile {
  const { environment } = request
  const file = findProfilesFile(request)
  const shown = { path: file.path, text: maskSecrets(file.text) }
  const profiles = parseYaml(file, shown)
  const profile = chosen(profiles, request.profileName, (names) => profileNotFound(file, request.profileName, names))
  const secrets = new Set<string>()
  const targetName = request.targetName ?? defaultTarget(profile, environment)
  const outputs = childOf(profile, 'outputs')
  if (!outputs) throw new UserError(outputsMissing(profile, request.profileName))
  const output = chosen(outputs, targetName, (names) => targetNotFound(request, targetName, names, outputs, profile))
  const at = request.isOffline
    ? renderWhatIsSet(output, environment, secrets)
    : renderWithEnvironment(output, environment, secrets)
  const all = new Set([...secrets, ...secretsOfFields(at, secrets)])
  return readTarget(request.profileName, targetName, at, [...all], shown)
}

const SECRET_LINE = new RegExp(
  String.raw`^([ \t]*)([\w-]*(?:${SECRET_FIELD.source})[\w-]*[ \t]*:[ \t]*[|>][^\n]*\n)((?:\1[ \t]+[^\n]*(?:\n|$))+)`,
  'gim',
)
const SECRET_VALUE = new RegExp(
  String.raw`([\w-]*(?:${SECRET_FIELD.source})[\w-]*["']?[ \t]*:[ \t]+)([^\s{[|>][^,}\n]*)`,
  'gi',
)

/** The same text, offset by offset, with the written values of secret fields masked: messages show lines of it. */
function maskSecrets(text: string): string {
  const masked = (value: string) => (value.includes('{{') ? value : value.replace(/\S/g, '*'))
  return text
    .replace(SECRET_LINE, (_, indent: string, key: string, lines: string) => indent + key + masked(lines))
    .replace(SECRET_VALUE, (_, key: string, value: string) => key + masked(value))
}

function findProfilesFile({ projectRoot, profilesDir, profileName, environment }: ProfileRequest): SourceFile {
  const named = profilesDir ?? environment.DBT_PROFILES_DIR
  const folders = named === undefined ? [projectRoot, join(environment.HOME ?? homedir(), '.dbt')] : [resolve(named)]
  const folder = folders.find((candidate) => existsSync(join(candidate, 'profiles.yml')))
  if (folder === undefined) throw new UserError(profilesNotFound(folders, profileName))
  const path = join(folder, 'profiles.yml')
  return { path: folder === projectRoot ? 'profiles.yml' : path, text: readFileSync(path, 'utf8') }
}

function chosen(at: LocatedValue, name: string, missing: (names: readonly string[]) => Diagnostic): LocatedValue {
  const found = childOf(at, name)
  if (found && isJsonObject(found.value)) return found
  const names = entriesOf(at).map(([key]) => key)
  throw new UserError(missing(names.filter((key) => key !== 'config')))
}

/** Fields of a target that are looked at without a connection, too. */
const FIELDS_OFFLINE = ['type', 'schema', 'threads']

function renderWhatIsSet(output: LocatedValue, environment: Environment, secrets: Set<string>): LocatedValue {
  const fields = entriesOf(output).flatMap(([key, at]) => {
    try {
      return [[key, renderWithEnvironment(at, environment, secrets).value] as const]
    } catch (error) {
      const isMissing = error instanceof UserError && error.diagnostics.every(({ code }) => code === 'env-var-missing')
      if (isMissing && !FIELDS_OFFLINE.includes(key)) return []
      throw error
    }
  })
  return withValue(output, Object.fromEntries(fields))
}

function defaultTarget(profile: LocatedValue, environment: Environment): string {
  const written = childOf(profile, 'target')
  return written ? String(renderWithEnvironment(written, environment).value) : 'default'
}

function readTarget(
  name: string,
  target: string,
  at: LocatedValue,
  secrets: readonly string[],
  file: SourceFile,
): Profile {
  const problems: Diagnostic[] = []
  const typeAt = childOf(at, 'type')
  const type = TYPES.find((known) => known === typeAt?.value)
  if (type === undefined) problems.push(typeUnknown(at, typeAt, target))
  const threads = readField(at, 'threads', count, problems)
  const schema = readField(at, 'schema', text, problems) ?? (type === 'duckdb' ? 'main' : undefined)
  if (threads === 0) mismatch(at.child('threads'), 'must be at least 1', problems)
  if (type !== undefined && schema === undefined && problems.length === 0) problems.push(schemaMissing(at, target))
  const database = readField(at, 'database', text, problems) ?? readField(at, 'dbname', text, problems)
  const path = readField(at, 'path', text, problems) ?? (type === 'duckdb' ? ':memory:' : undefined)
  if (type === undefined || schema === undefined || problems.length > 0) throw new UserError(problems)
  return {
    name,
    target,
    type,
    threads: threads ?? 1,
    schema,
    ...(database === undefined ? {} : { database }),
    ...(path === undefined ? {} : { path }),
    // The target of a profile is a map; `chosen` saw to it.
    fields: at.value as JsonObject,
    at,
    secrets,
    file,
  }
}

function readField<T>(
  at: LocatedValue,
  key: string,
  shape: (at: LocatedValue, problems: Diagnostic[]) => T | undefined,
  problems: Diagnostic[],
): T | undefined {
  const child = childOf(at, key)
  return child && shape(child, problems)
}

/** The values of fields whose names say that they are secrets; `known` are secrets already. */
function secretsOfFields(at: LocatedValue, known: ReadonlySet<string>): readonly string[] {
  const secrets = new Set<string>()
  const visit = (value: unknown, isSecret: boolean): void => {
    if (isSecret && (typeof value === 'string' || typeof value === 'number') && String(value).length > 0) {
      secrets.add(String(value))
    }
    if (Array.isArray(value)) for (const item of value) visit(item, isSecret)
    else if (isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) visit(item, isSecret || isSecretField(key))
    }
  }
  visit(at.value, false)
  const names = entriesOf(at).flatMap(([key, { value }]) =>
    typeof value === 'string' && !isSecretField(key) && !known.has(value) ? [value] : [],
  )
  return hideable(secrets, names)
}

function isSecretField(name: string): boolean {
  return SECRET_FIELD.test(name) && name !== 'secrets'
}

function profilesNotFound(folders: readonly string[], profileName: string): Diagnostic {
  const places = folders.map((folder) => `"${folder}"`).join(' or ')
  const example = [
    `${profileName}:`,
    '  target: dev',
    '  outputs:',
    '    dev:',
    '      type: duckdb',
    `      path: ${profileName}.duckdb`,
  ]
  return problem(
    'profiles-not-found',
    `There is no profiles.yml in ${places}. One looks like this:\n\n${indent(example)}\n`,
    {
      hint: 'put it beside the project file, or name its folder with --profiles-dir',
    },
  )
}

function profileNotFound(file: SourceFile, name: string, names: readonly string[]): Diagnostic {
  return problem('profile-not-found', `There is no profile "${name}" in ${file.path}.`, {
    hint: didYouMean(name, names) ?? `it has: ${names.join(', ') || 'none'}; the project file says which one is used`,
  })
}

function outputsMissing(profile: LocatedValue, name: string): Diagnostic {
  return problem('profile-without-targets', `The profile "${name}" has no "outputs".`, {
    place: profile.keyPlace,
    hint: 'list its targets there, each with a "type"',
  })
}

function targetNotFound(
  request: ProfileRequest,
  name: string,
  names: readonly string[],
  outputs: LocatedValue,
  profile: LocatedValue,
): Diagnostic {
  const written = request.targetName === undefined ? childOf(profile, 'target') : undefined
  return problem('target-not-found', `The profile "${request.profileName}" has no target "${name}".`, {
    place: written?.place ?? outputs.keyPlace,
    hint: didYouMean(name, names) ?? `it has: ${names.join(', ') || 'none'}`,
  })
}

function typeUnknown(at: LocatedValue, typeAt: LocatedValue | undefined, target: string): Diagnostic {
  if (!typeAt) {
    return problem('target-type-missing', `The target "${target}" has no "type".`, {
      place: at.keyPlace,
      hint: `it is one of ${TYPES.join(', ')}`,
    })
  }
  return problem('target-type-unknown', `There is no database type "${String(typeAt.value)}".`, {
    place: typeAt.place,
    hint: didYouMean(String(typeAt.value), TYPES) ?? `it is one of ${TYPES.join(', ')}`,
  })
}

function schemaMissing(at: LocatedValue, target: string): Diagnostic {
  return problem('target-schema-missing', `The target "${target}" has no "schema".`, { place: at.keyPlace })
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n')
}
