import type { NodeConfig } from '../config/node-config.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { DataTest, Exposure, GenericTest, Macro, Model, RunnableNode, Seed, Source } from '../manifest/nodes.ts'
import { type SourceFile, span } from '../text/source-file.ts'
import { type UniqueId, uniqueId } from '../text/unique-id.ts'

// Manifests for tests, without files and without parsing. Everything belongs to the package "shop".

const PACKAGE = 'shop'

const DEFAULTS: NodeConfig = {
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

export interface NodeDetails {
  readonly file?: string
  readonly rawCode?: string
  readonly config?: Partial<NodeConfig>
  readonly description?: string
  readonly columns?: Model['columns']
  readonly patchFile?: string
  readonly unrenderedConfig?: Model['unrenderedConfig']
  readonly macros?: readonly UniqueId[]
}

/** A model in `models/`, below these nodes. */
export function model(name: string, dependsOn: readonly UniqueId[] = [], details: NodeDetails = {}): Model {
  const config = { ...DEFAULTS, ...details.config }
  const base = nodeBase('model', name, details.file ?? `models/${name}.sql`, { ...details, config })
  return {
    kind: 'model',
    constraints: [],
    ...base,
    ...template(base.file, details),
    ...references(dependsOn, details),
    ...(config.materialized === 'ephemeral'
      ? {}
      : { relation: { database: 'shop', schema: 'main', identifier: name } }),
  }
}

export function seed(name: string, details: NodeDetails = {}): Seed {
  const config: NodeConfig = { ...DEFAULTS, materialized: 'seed', ...details.config }
  return {
    kind: 'seed',
    ...nodeBase('seed', name, details.file ?? `seeds/${name}.csv`, { ...details, config }),
    relation: { database: 'shop', schema: 'main', identifier: name },
    csvPath: `/shop/seeds/${name}.csv`,
  }
}

/** A generic test as declared in `models/shop.yml`: `not_null` on the column `id` of `orders` is `not_null_orders_id`. */
export function genericTest(
  test: string,
  attachedTo: { readonly id: UniqueId; readonly name: string },
  columnName: string,
  details: NodeDetails & { readonly alsoDependsOn?: readonly UniqueId[] } = {},
): DataTest {
  const generic: GenericTest = {
    name: test,
    kwargs: { column_name: columnName, model: `{{ get_where_subquery(ref('${attachedTo.name}')) }}` },
    columnName,
    attachedTo: attachedTo.id,
    macro: uniqueId('macro', 'dbt', `test_${test}`),
  }
  const dependsOn = [...(details.alsoDependsOn ?? []), attachedTo.id]
  const name = `${test}_${attachedTo.name}_${columnName}`
  return { ...dataTest(name, dependsOn, { file: 'models/shop.yml', ...details }), generic }
}

/** A singular test in `tests/`. */
export function dataTest(name: string, dependsOn: readonly UniqueId[], details: NodeDetails = {}): DataTest {
  const config: NodeConfig = { ...DEFAULTS, materialized: 'test', ...details.config }
  const base = nodeBase('test', name, details.file ?? `tests/${name}.sql`, { ...details, config })
  return { kind: 'test', ...base, ...template(base.file, details), ...references(dependsOn, details) }
}

export function source(sourceName: string, name: string, details: Pick<NodeDetails, 'config'> = {}): Source {
  const file: SourceFile = { path: 'models/sources.yml', text: '' }
  return {
    kind: 'source',
    id: uniqueId('source', PACKAGE, sourceName, name),
    package: PACKAGE,
    sourceName,
    name,
    fqn: [PACKAGE, sourceName, name],
    file,
    place: span(file, 0),
    description: '',
    sourceDescription: '',
    columns: [],
    config: { ...DEFAULTS, ...details.config },
    loader: '',
    freshness: null,
    relation: { database: 'shop', schema: sourceName, identifier: name },
  }
}

export function exposure(
  name: string,
  dependsOn: readonly UniqueId[],
  properties: Exposure['properties'] = {},
): Exposure {
  const file: SourceFile = { path: 'models/exposures.yml', text: '' }
  return {
    kind: 'exposure',
    id: uniqueId('exposure', PACKAGE, name),
    name,
    package: PACKAGE,
    fqn: [PACKAGE, name],
    file,
    place: span(file, 0),
    properties: { type: 'dashboard', owner: { name: 'Ana' }, ...properties },
    dependsOn,
    panels: [],
  }
}

export function macro(name: string, text: string): Macro {
  const file: SourceFile = { path: `macros/${name}.sql`, text }
  const place = span(file, 0, text.length)
  return {
    kind: 'macro',
    id: uniqueId('macro', PACKAGE, name),
    name,
    package: PACKAGE,
    file,
    place,
    description: '',
    definition: { kind: 'macro', name, parameters: ['column'], place, tree: { file, extent: place, root: undefined } },
  }
}

export function manifestOf(
  items: readonly (RunnableNode | Source | Exposure | Macro)[],
  rest: Partial<Manifest> = {},
): Manifest {
  const byId = <Item extends { readonly id: UniqueId }>(list: readonly Item[]) =>
    new Map(list.map((item) => [item.id, item]))
  return {
    project: { name: PACKAGE, version: '1.0', root: '/shop' },
    sources: byId(items.filter((item) => item.kind === 'source')),
    exposures: byId(items.filter((item) => item.kind === 'exposure')),
    macros: byId(items.filter((item) => item.kind === 'macro')),
    nodes: byId(items.filter((item) => item.kind !== 'source' && item.kind !== 'exposure' && item.kind !== 'macro')),
    operations: [],
    disabled: [],
    docs: new Map(),
    warnings: [],
    ...rest,
  }
}

function nodeBase(type: string, name: string, path: string, details: NodeDetails & { readonly config: NodeConfig }) {
  const file: SourceFile = { path, text: details.rawCode ?? '' }
  const folders = path.split('/').slice(1, -1)
  return {
    id: uniqueId(type, PACKAGE, name),
    name,
    package: PACKAGE,
    fqn: [PACKAGE, ...folders, name],
    file,
    place: span(file, 0),
    description: details.description ?? '',
    columns: details.columns ?? [],
    config: details.config,
    unrenderedConfig: details.unrenderedConfig ?? {},
    configPlaces: new Map(),
    checksum: `checksum of ${name}`,
    ...(details.patchFile === undefined ? {} : { patchFile: { path: details.patchFile, text: '' } }),
  }
}

function template(file: SourceFile, { rawCode = '' }: NodeDetails) {
  return { rawCode, tree: { file, extent: span(file, 0, file.text.length), root: undefined } }
}

function references(dependsOn: readonly UniqueId[], { macros = [] }: NodeDetails) {
  const refs = dependsOn.map((id) => ({ call: { name: id.slice(id.lastIndexOf('.') + 1) }, id }))
  return { refs: refs.filter(({ id }) => !id.startsWith('source.')), sources: [], macros, dependsOn }
}
