import { isHookKey } from '../../config/config-keys.ts'
import { childOf, type LocatedValue, withValue } from '../../config/located-value.ts'
import { type ConfigEntries, configEntries } from '../../config/merge-config.ts'
import { parseYaml } from '../../config/yaml.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { collecting, problem } from '../../diagnostics/errors.ts'
import type { SourceFile } from '../../text/source-file.ts'
import type { FoundFile } from '../read.ts'
import { type ParseContext, renderValue } from './parse-context.ts'
import {
  propertiesFile,
  type WrittenColumn,
  type WrittenConstraint,
  type WrittenExposure,
  type WrittenMacro,
  type WrittenSource,
} from './properties-shape.ts'

/** What a properties file says of one node, by name. */
export interface Patch {
  readonly name: string
  readonly kind: PatchKind
  readonly at: LocatedValue
  readonly file: SourceFile
  readonly below: string
  readonly description?: LocatedValue
  readonly columns: readonly WrittenColumn[]
  /** Those of the whole node. */
  readonly constraints: readonly WrittenConstraint[]
  readonly config: readonly ConfigEntries[]
  /** The tests of the whole node. */
  readonly tests: readonly LocatedValue[]
  /** For snapshots that are written in YAML: `ref('orders')`. */
  readonly relation?: LocatedValue
}

export type PatchKind = 'model' | 'seed' | 'snapshot' | 'data test'

/** Something of a properties file, and the file. */
export interface InFile<Written> {
  readonly written: Written
  readonly file: SourceFile
  readonly below: string
}

/** All properties files of the project together. */
export interface Properties {
  readonly patches: readonly Patch[]
  readonly sources: readonly InFile<WrittenSource>[]
  readonly macros: readonly InFile<WrittenMacro>[]
  readonly exposures: readonly InFile<WrittenExposure>[]
}

/** Reads all properties files. Problems of all files are reported. */
export function parseProperties(context: ParseContext, files: readonly FoundFile[]): Properties {
  const read = files.flatMap((found) => parsePropertiesFile(context, found) ?? [])
  return {
    patches: read.flatMap(({ patches }) => patches),
    sources: read.flatMap(({ sources }) => sources),
    macros: read.flatMap(({ macros }) => macros),
    exposures: read.flatMap(({ exposures }) => exposures),
  }
}

/** The list of tests under either of its names. */
export function testsOf(written: {
  readonly data_tests?: readonly LocatedValue[]
  readonly tests?: readonly LocatedValue[]
}): readonly LocatedValue[] {
  return [...(written.data_tests ?? []), ...(written.tests ?? [])]
}

/** The settings that stand in a node's properties: `config:`, and beside it the keys that mean the same as inside it. */
export function propertyConfig(
  written: { readonly config?: LocatedValue },
  beside: readonly string[],
): ConfigEntries[] {
  const values = written as Readonly<Record<string, LocatedValue | undefined>>
  const entries = beside.flatMap((key) => {
    const at = values[key]
    // What stands in `config` replaces what stands beside it, as in dbt, also for keys that append.
    return at && !(written.config && childOf(written.config, key)) ? [{ key, at }] : []
  })
  return [entries, configEntries(written.config)].filter((layer) => layer.length > 0)
}

/** What stays as it is written: rendered where it is used, in another way, or of no use here. */
const LEFT_ALONE: ReadonlySet<string> = new Set([
  ...['description', 'data_tests', 'tests', 'relation', 'to', 'depends_on'],
  ...['unit_tests', 'metrics', 'semantic_models', 'saved_queries', 'groups', 'analyses', 'functions'],
])

function isLeftAlone(key: string): boolean {
  return LEFT_ALONE.has(key) || isHookKey(key)
}

function parsePropertiesFile(context: ParseContext, { file, below }: FoundFile): Properties | undefined {
  const { problems } = context
  const parsed = collecting(problems, () => parseYaml(file))
  if (!parsed || parsed.value === null) return undefined
  const rendered = file.text.includes('{') ? renderValue(context, parsed, isLeftAlone) : parsed
  const written = propertiesFile(rendered, problems)
  if (!written) return undefined
  if (written.unit_tests) problems.push(unitTestsIgnored(written.unit_tests))
  for (const { versions } of written.models ?? []) if (versions) problems.push(versionsUnknown(versions))
  const here = <Written>(items: readonly Written[] | undefined): readonly InFile<Written>[] =>
    (items ?? []).map((item) => ({ written: item, file, below }))
  const node = ['docs', 'group', 'tags', 'meta']
  const patch = (kind: PatchKind, beside: readonly string[]) => (item: NodeProperties) =>
    patchOf(kind, item, beside, { file, below })
  return {
    patches: [
      ...(written.models ?? []).map(patch('model', [...node, 'access'])),
      ...(written.seeds ?? []).map(patch('seed', node)),
      ...(written.snapshots ?? []).map(patch('snapshot', node)),
      ...[...(written.data_tests ?? []), ...(written.tests ?? [])].map(patch('data test', ['tags', 'meta'])),
    ],
    sources: here(written.sources),
    macros: here(written.macros),
    exposures: here(written.exposures),
  }
}

interface NodeProperties {
  readonly name: string
  readonly at: LocatedValue
  readonly description?: string
  readonly columns?: readonly WrittenColumn[]
  readonly constraints?: readonly WrittenConstraint[]
  readonly config?: LocatedValue
  readonly data_tests?: readonly LocatedValue[]
  readonly tests?: readonly LocatedValue[]
  readonly relation?: string
}

function patchOf(
  kind: PatchKind,
  written: NodeProperties,
  beside: readonly string[],
  where: { readonly file: SourceFile; readonly below: string },
): Patch {
  const { name, at } = written
  return {
    name,
    kind,
    at,
    ...where,
    ...(written.description === undefined ? {} : { description: at.child('description') }),
    columns: written.columns ?? [],
    constraints: written.constraints ?? [],
    config: propertyConfig(written, beside),
    tests: testsOf(written),
    ...(written.relation === undefined ? {} : { relation: withValue(at.child('relation'), written.relation) }),
  }
}

/** The patches by kind and name. Reports names that are there twice. */
export function patchesByName(patches: readonly Patch[], problems: Diagnostic[]): ReadonlyMap<string, Patch> {
  const byName = new Map<string, Patch>()
  for (const patch of patches) {
    const key = patchKey(patch.kind, patch.name)
    const first = byName.get(key)
    if (first) problems.push(patchTwice(first, patch))
    else byName.set(key, patch)
  }
  return byName
}

export function patchKey(kind: PatchKind, name: string): string {
  return `${kind} ${name}`
}

function patchTwice(first: Patch, second: Patch): Diagnostic {
  const place = first.at.child('name').place
  return problem('properties-duplicate', `The ${second.kind} "${second.name}" is described twice.`, {
    place: second.at.child('name').place,
    related: [{ message: `is the first description; keep one`, place }],
  })
}

function unitTestsIgnored(at: LocatedValue): Diagnostic {
  return {
    code: 'unit-tests-ignored',
    severity: 'warning',
    message: 'Unit tests are not run yet.',
    place: at.keyPlace,
  }
}

function versionsUnknown(at: LocatedValue): Diagnostic {
  return problem('model-versions', 'Models have no versions here.', {
    place: at.keyPlace,
    hint: 'give each version a file and a name of its own',
  })
}
