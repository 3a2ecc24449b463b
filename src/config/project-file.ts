import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, stopOnErrors } from '../diagnostics/errors.ts'
import type { SourceFile, Span } from '../text/source-file.ts'
import type { Json, JsonObject } from '../util/json.ts'
import { childOf, entriesOf, type LocatedValue, withValue } from './located-value.ts'
import type { HookConfig } from './node-config.ts'
import { type Environment, renderWithEnvironment } from './render-env.ts'
import {
  boolean,
  choice,
  count,
  json,
  jsonObject,
  listOf,
  listOrOne,
  located,
  mapOf,
  object,
  type Shape,
  text,
} from './shape.ts'
import { parseYaml } from './yaml.ts'

/** What a project says of itself. Paths are as written, relative to the project folder. */
export interface ProjectFile {
  readonly file: SourceFile
  /** The whole file, for the places of messages. */
  readonly at: LocatedValue
  readonly name: string
  readonly version: string
  /** The profile that it uses; its own name where it says nothing. */
  readonly profile: string
  readonly modelPaths: readonly string[]
  readonly seedPaths: readonly string[]
  readonly snapshotPaths: readonly string[]
  readonly testPaths: readonly string[]
  readonly macroPaths: readonly string[]
  readonly analysisPaths: readonly string[]
  readonly docsPaths: readonly string[]
  readonly targetPath: string
  /** Where installed packages lie. */
  readonly packagesPath: string
  readonly cleanTargets: readonly string[]
  readonly vars: JsonObject
  readonly onRunStart: readonly ProjectHook[]
  readonly onRunEnd: readonly ProjectHook[]
  /** Settings by folder, as written. */
  readonly configTrees: ConfigTrees
  readonly dispatch: readonly DispatchConfig[]
  readonly quoting: { readonly database?: boolean; readonly schema?: boolean; readonly identifier?: boolean }
  readonly flags: JsonObject
  readonly queryComment?: QueryComment
  readonly publish: PublishConfig
  readonly leaseTimeoutSeconds: number
  /** How many replaced versions of each relation are kept, where a node does not say. */
  readonly versions?: number
  /** Severities of lints by their codes, and where they stand. */
  readonly lints: Readonly<Record<string, LintSetting>>
  readonly warnings: readonly Diagnostic[]
}

export interface LintSetting {
  readonly severity: 'off' | 'warning' | 'error'
  /** The place of the code. */
  readonly place: Span
}

/** A comment on every statement that a node sends. */
export interface QueryComment {
  /** A template; `node` is the node that sends. */
  readonly text: string
  /** Behind the statement instead of before it. */
  readonly append: boolean
  readonly place: Span
}

export interface ProjectHook {
  readonly hook: HookConfig
  readonly at: LocatedValue
}

export interface ConfigTrees {
  readonly models?: LocatedValue
  readonly seeds?: LocatedValue
  readonly snapshots?: LocatedValue
  readonly sources?: LocatedValue
  readonly data_tests?: LocatedValue
  readonly exposures?: LocatedValue
}

export interface DispatchConfig {
  readonly macro_namespace: string
  readonly search_order: readonly string[]
}

export interface PublishConfig {
  /** When candidates become published. Default `all`. */
  readonly mode: 'all' | 'passing' | 'each'
  /** Where a read-only copy of the database file is put after each publication. */
  readonly copy?: string
  /** How long a publication waits for others to leave what it replaces, where that is needed. */
  readonly lockTimeoutSeconds: number
}

const DEFAULT_LEASE_TIMEOUT_SECONDS = 60
const DEFAULT_LOCK_TIMEOUT_SECONDS = 60

/** Reads a project file. Throws `UserError` with everything that is wrong in it. */
export function readProjectFile(file: SourceFile, environment: Environment): ProjectFile {
  const problems: Diagnostic[] = []
  const written = projectShape(renderedHead(parseYaml(file), environment), problems)
  if (written) problems.push(...checkNames(written))
  const warnings = stopOnErrors(problems)
  // Without errors, everything was read.
  return fromWritten(file, written!, warnings)
}

const paths = listOrOne(text)

const hook: Shape<ProjectHook> = (at, problems) => {
  if (typeof at.value === 'string') return { hook: { sql: at.value, transaction: true }, at }
  const read = object('a hook', { sql: text }, { transaction: boolean })(at, problems)
  return read && { hook: { sql: read.sql, transaction: read.transaction ?? true }, at: at.child('sql') }
}

const queryComment: Shape<QueryComment> = (at, problems) => {
  if (typeof at.value === 'string') return { text: at.value, append: false, place: at.place }
  const read = object('a query comment', {}, { comment: text, append: boolean, 'job-label': boolean })(at, problems)
  if (!read) return undefined
  const place = read.comment === undefined ? at.place : at.child('comment').place
  return { text: read.comment ?? '', append: read.append ?? false, place }
}

const publishModes = choice('all', 'passing', 'each')

const publish: Shape<PublishConfig> = (at, problems) => {
  if (typeof at.value === 'string') {
    const mode = publishModes(at, problems)
    return mode && { mode, lockTimeoutSeconds: DEFAULT_LOCK_TIMEOUT_SECONDS }
  }
  const read = object('publish', {}, { mode: publishModes, copy: text, lock_timeout: count })(at, problems)
  return (
    read && {
      mode: read.mode ?? 'all',
      lockTimeoutSeconds: read.lock_timeout ?? DEFAULT_LOCK_TIMEOUT_SECONDS,
      ...(read.copy === undefined ? {} : { copy: read.copy }),
    }
  )
}

const dispatch: Shape<DispatchConfig> = object(
  'an entry of dispatch',
  { macro_namespace: text, search_order: listOf(text) },
  {},
)

const lintSeverities = choice('off', 'warning', 'error')

const lint: Shape<LintSetting> = (at, problems) => {
  const severity = lintSeverities(at, problems)
  return severity && { severity, place: at.keyPlace }
}

const quoting = object(
  'quoting',
  {},
  { database: boolean, schema: boolean, identifier: boolean, snowflake_ignore_case: boolean },
)

/** Keys of dbt before version 1.0. */
const RENAMED = Object.fromEntries(
  Object.entries({
    'source-paths': 'model-paths',
    'data-paths': 'seed-paths',
    'modules-path': 'packages-install-path',
  }).map(([before, since]) => [before, `write "${since}", as it is called since dbt 1.0`]),
)

const projectShape = object(
  'a project file',
  { name: text },
  {
    version: text,
    'config-version': json,
    profile: text,
    'model-paths': paths,
    'seed-paths': paths,
    'snapshot-paths': paths,
    'test-paths': paths,
    'macro-paths': paths,
    'analysis-paths': paths,
    'docs-paths': paths,
    'target-path': text,
    'packages-install-path': text,
    'clean-targets': paths,
    vars: jsonObject,
    'on-run-start': listOrOne(hook),
    'on-run-end': listOrOne(hook),
    models: located,
    seeds: located,
    snapshots: located,
    sources: located,
    data_tests: located,
    tests: located,
    exposures: located,
    dispatch: listOf(dispatch),
    quoting,
    flags: jsonObject,
    'query-comment': queryComment,
    // Lavra's own
    publish,
    lease_timeout: count,
    versions: count,
    lints: mapOf(lint),
    // dbt's, without effect: the version is dbt's own; the others belong to what Lavra does not have
    'require-dbt-version': json,
    'asset-paths': json,
    'function-paths': json,
    'osi-paths': json,
    'log-path': json,
    analyses: json,
    unit_tests: json,
    metrics: json,
    'semantic-models': json,
    'saved-queries': json,
    functions: json,
    'restrict-access': json,
    'dbt-cloud': json,
  },
  RENAMED,
)

type Written = NonNullable<ReturnType<typeof projectShape>>

function fromWritten(file: SourceFile, written: Written, warnings: readonly Diagnostic[]): ProjectFile {
  const targetPath = written['target-path'] ?? 'target'
  const comment = written['query-comment']
  const testTree = written.data_tests ?? written.tests
  const { at: _, snowflake_ignore_case: __, ...quoting } = written.quoting ?? { at: written.at }
  return {
    file,
    at: written.at,
    name: written.name,
    version: written.version ?? '',
    profile: written.profile ?? written.name,
    modelPaths: written['model-paths'] ?? ['models'],
    seedPaths: written['seed-paths'] ?? ['seeds'],
    snapshotPaths: written['snapshot-paths'] ?? ['snapshots'],
    testPaths: written['test-paths'] ?? ['tests'],
    macroPaths: written['macro-paths'] ?? ['macros'],
    analysisPaths: written['analysis-paths'] ?? ['analyses'],
    docsPaths: written['docs-paths'] ?? [],
    targetPath,
    packagesPath: written['packages-install-path'] ?? 'dbt_packages',
    cleanTargets: written['clean-targets'] ?? [targetPath],
    vars: written.vars ?? {},
    onRunStart: written['on-run-start'] ?? [],
    onRunEnd: written['on-run-end'] ?? [],
    configTrees: {
      ...pick(written, ['models', 'seeds', 'snapshots', 'sources', 'exposures']),
      ...(testTree ? { data_tests: testTree } : {}),
    },
    dispatch: written.dispatch ?? [],
    quoting,
    flags: written.flags ?? {},
    ...(comment && comment.text.trim() !== '' ? { queryComment: comment } : {}),
    publish: written.publish ?? { mode: 'all', lockTimeoutSeconds: DEFAULT_LOCK_TIMEOUT_SECONDS },
    leaseTimeoutSeconds: written.lease_timeout ?? DEFAULT_LEASE_TIMEOUT_SECONDS,
    ...pick(written, ['versions']),
    lints: written.lints ?? {},
    warnings,
  }
}

/** The top-level texts and lists of texts, rendered; settings, variables and hooks are rendered later, with more names. */
function renderedHead(at: LocatedValue, environment: Environment): LocatedValue {
  const isHead = (key: string, value: Json) =>
    typeof value === 'string' ? key !== 'query-comment' && !key.startsWith('on-run') : key.endsWith('-paths')
  const rendered = entriesOf(at).map(([key, child]): [string, Json] => [
    key,
    isHead(key, child.value) ? renderWithEnvironment(child, environment).value : child.value,
  ])
  return rendered.length === 0 ? at : withValue(at, Object.fromEntries(rendered))
}

function checkNames(written: Written): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  if (!/^[A-Za-z_]\w*$/.test(written.name)) found.push(projectNameInvalid(written.name, written.at.child('name')))
  if (written.data_tests && written.tests) found.push(testsTwice(written.tests))
  const configVersion = childOf(written.at, 'config-version')
  if (configVersion && String(configVersion.value) !== '2') found.push(configVersionUnknown(configVersion))
  return found
}

function projectNameInvalid(name: string, at: LocatedValue): Diagnostic {
  return problem('project-name', `The name of a project is made of letters, digits and "_", not "${name}".`, {
    place: at.place,
  })
}

function testsTwice(at: LocatedValue): Diagnostic {
  return problem('tests-twice', 'The keys "tests" and "data_tests" mean the same.', {
    place: at.keyPlace,
    hint: 'keep "data_tests"',
  })
}

function configVersionUnknown(at: LocatedValue): Diagnostic {
  return problem('config-version', `The "config-version" must be 2, not ${JSON.stringify(at.value)}.`, {
    place: at.place,
  })
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  // Only keys that are there are copied, so optional ones stay absent.
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Pick<T, K>
}
