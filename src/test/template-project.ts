import { duckdbDialect } from '../adapters/duckdb/dialect.ts'
import type { NodeConfig } from '../config/node-config.ts'
import {
  builtinMacroFiles,
  createMacroRegistry,
  type ParseSubject,
  type ProjectContext,
  relationNameFor,
  renderForParse,
} from '../context/index.ts'
import type { RunEvent } from '../events/events.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Macro, Model, ResourceType, Seed } from '../manifest/nodes.ts'
import { parseTemplate, readMacros } from '../template/index.ts'
import { type SourceFile, span } from '../text/source-file.ts'
import { uniqueId } from '../text/unique-id.ts'
import type { Json, JsonObject } from '../util/json.ts'

/** Config of a node that sets nothing. */
export const PLAIN_CONFIG: NodeConfig = {
  enabled: true,
  materialized: 'view',
  tags: [],
  meta: {},
  quoting: {},
  pre_hook: [],
  post_hook: [],
  persist_docs: {},
  grants: {},
  contract: { enforced: false },
  on_schema_change: 'ignore',
  column_types: {},
  severity: 'error',
  warn_if: '!= 0',
  error_if: '!= 0',
  fail_calc: 'count(*)',
}

export interface TemplateProjectInput {
  /** Texts of macro files by path; `macros/…` belong to the project "shop", `<package>/…` to that package. */
  readonly macros?: Readonly<Record<string, string>>
  readonly vars?: JsonObject
  readonly env?: Readonly<Record<string, string>>
  readonly flags?: JsonObject
  /** `shop` when absent; `memory` for a database of the test. */
  readonly database?: string
}

/** A project context for tests of templates, with what its templates emitted. */
export function templateProject(input: TemplateProjectInput = {}): ProjectContext & { readonly events: RunEvent[] } {
  const events: RunEvent[] = []
  const vars: JsonObject = input.vars ?? {}
  const own = Object.entries(input.macros ?? {}).map(([path, text]) => ({ path, text }))
  const macros = [
    ...builtinMacroFiles().flatMap((file) => macrosOf(file, 'dbt')),
    ...own.flatMap((file) => macrosOf(file, file.path.startsWith('macros/') ? 'shop' : file.path.split('/')[0]!)),
  ]
  return {
    events,
    name: 'shop',
    version: '1.0',
    root: '/shop',
    target: {
      profile_name: 'shop',
      name: 'dev',
      type: 'duckdb',
      database: input.database ?? 'shop',
      schema: 'main',
      threads: 4,
      fields: { path: 'shop.duckdb' },
    },
    dialect: duckdbDialect,
    vars: { find: (name) => (Object.hasOwn(vars, name) ? vars[name] : undefined), names: () => Object.keys(vars) },
    env: input.env ?? {},
    macros: createMacroRegistry(macros, { rootPackage: 'shop' }),
    dispatch: [],
    runStartedAt: '2026-03-01T06:30:00.000250Z',
    invocationId: 'b7c1',
    flags: input.flags ?? { FULL_REFRESH: false, STORE_FAILURES: false },
    emit: (event) => events.push(event),
    secrets: [],
  }
}

function macrosOf(file: SourceFile, packageName: string): Macro[] {
  return readMacros(file).map((definition) => ({
    kind: 'macro',
    id: uniqueId('macro', packageName, definition.name),
    name: definition.name,
    package: packageName,
    file,
    place: definition.place,
    description: '',
    definition,
  }))
}

/** A node of the project "shop" that is about to be parsed. */
export function subject(name: string, details: Partial<ParseSubject> = {}): ParseSubject {
  const resourceType: ResourceType = details.resourceType ?? 'model'
  return {
    id: uniqueId(resourceType, 'shop', name),
    name,
    package: 'shop',
    resourceType,
    fqn: ['shop', name],
    file: { path: `models/${name}.sql`, text: '' },
    path: `${name}.sql`,
    config: PLAIN_CONFIG,
    ...details,
  }
}

/** Models by name from their templates, seeds by name alone; resolved in the order given, refs before what uses them. */
export function templateManifest(
  project: ProjectContext,
  models: Readonly<Record<string, string>>,
  seeds: readonly string[] = [],
): Manifest {
  const nodes = new Map<string, Model | Seed>()
  for (const name of seeds) nodes.set(name, seedNamed(project, name))
  for (const [name, text] of Object.entries(models)) nodes.set(name, modelOf(project, name, text, nodes))
  return {
    project: { name: 'shop', version: '1.0', root: '/shop' },
    nodes: new Map(Array.from(nodes.values(), (node) => [node.id, node])),
    sources: new Map(),
    exposures: new Map(),
    macros: new Map(
      project.macros.packages().flatMap((packageName) =>
        project.macros.namesIn(packageName).map((name) => {
          const macro = project.macros.findIn(packageName, name)!
          return [macro.id, macro] as const
        }),
      ),
    ),
    operations: [],
    disabled: [],
    docs: new Map(),
    warnings: [],
  }
}

function modelOf(project: ProjectContext, name: string, text: string, known: ReadonlyMap<string, Model | Seed>): Model {
  const file = { path: `models/${name}.sql`, text }
  const tree = parseTemplate(file)
  const asParsed = subject(name, { file })
  const capture = renderForParse(project, asParsed, tree)
  const config = withCaptured(capture.config)
  const refs = capture.refs.map((call) => ({ call, id: known.get(call.name)!.id }))
  return {
    ...base(asParsed, config),
    kind: 'model',
    constraints: [],
    tree,
    rawCode: text,
    refs,
    sources: [],
    macros: capture.macros,
    dependsOn: [...new Set(refs.map((ref) => ref.id))],
    ...(config.materialized === 'ephemeral' ? {} : { relation: relationNameFor(project, { ...asParsed, config }) }),
  }
}

function seedNamed(project: ProjectContext, name: string): Seed {
  const asParsed = subject(name, { resourceType: 'seed', file: { path: `seeds/${name}.csv`, text: '' } })
  const relation = relationNameFor(project, asParsed)
  return { ...base(asParsed, PLAIN_CONFIG), kind: 'seed', relation, csvPath: `/shop/seeds/${name}.csv` }
}

function base(asParsed: ParseSubject, config: NodeConfig) {
  return {
    id: asParsed.id,
    name: asParsed.name,
    package: asParsed.package,
    fqn: asParsed.fqn,
    file: asParsed.file,
    place: span(asParsed.file, 0),
    description: '',
    columns: [],
    config,
    unrenderedConfig: {},
    configPlaces: new Map(),
    checksum: '',
  }
}

function withCaptured(entries: readonly { readonly key: string; readonly value: Json }[]): NodeConfig {
  return { ...PLAIN_CONFIG, ...Object.fromEntries(entries.map(({ key, value }) => [key, value])) }
}
