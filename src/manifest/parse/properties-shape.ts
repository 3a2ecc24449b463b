import {
  boolean,
  choice,
  json,
  jsonObject,
  listOf,
  listOrOne,
  located,
  object,
  type Shaped,
  text,
} from '../../config/shape.ts'

/** What a properties file may hold. Keys of dbt that nothing here reads are taken and left alone. */

const tests = listOf(located)

const constraint = object(
  'a constraint',
  { type: choice('check', 'not_null', 'unique', 'primary_key', 'foreign_key', 'custom') },
  {
    name: text,
    expression: text,
    columns: listOrOne(text),
    to: text,
    to_columns: listOrOne(text),
    warn_unenforced: boolean,
    warn_unsupported: boolean,
  },
)

const column = object(
  'a column',
  { name: text },
  {
    description: text,
    data_type: text,
    quote: boolean,
    tags: listOrOne(text),
    meta: jsonObject,
    constraints: listOf(constraint),
    config: object('the config of a column', {}, { tags: listOrOne(text), meta: jsonObject }),
    data_tests: tests,
    tests,
    granularity: json,
    dimension: json,
    entity: json,
    policy_tags: json,
    docs: json,
  },
)

/** What models, seeds and snapshots have in common. `docs` to `meta` stand for the config of the same name. */
const node = {
  description: text,
  config: located,
  columns: listOf(column),
  data_tests: tests,
  tests,
  docs: located,
  group: located,
  tags: located,
  meta: located,
} as const

const model = object(
  'a model',
  { name: text },
  {
    ...node,
    access: located,
    constraints: listOf(constraint),
    versions: located,
    latest_version: json,
    deprecation_date: json,
    time_spine: json,
    freshness: json,
    semantic_model: json,
    primary_entity: json,
    agg_time_dimension: json,
    metrics: json,
    derived_semantics: json,
  },
)

const seed = object('a seed', { name: text }, node)

const snapshot = object('a snapshot', { name: text }, { ...node, relation: text })

const external = object(
  'an external source',
  { location: text },
  { format: choice('csv', 'json', 'parquet'), options: jsonObject, partitions: json, file_format: json },
)

const table = object(
  'a table of a source',
  { name: text },
  {
    description: text,
    identifier: text,
    columns: listOf(column),
    data_tests: tests,
    tests,
    config: located,
    meta: located,
    tags: located,
    quoting: located,
    loader: text,
    loaded_at_field: text,
    loaded_at_query: text,
    freshness: json,
    external,
  },
)

const source = object(
  'a source',
  { name: text },
  {
    description: text,
    database: text,
    schema: text,
    loader: text,
    loaded_at_field: text,
    loaded_at_query: text,
    freshness: json,
    config: located,
    meta: located,
    tags: located,
    quoting: located,
    overrides: json,
    tables: listOf(table),
  },
)

const macro = object(
  'a macro',
  { name: text },
  { description: text, arguments: json, config: json, docs: json, meta: json },
)

const singularTest = object(
  'a data test',
  { name: text },
  { description: text, config: located, meta: located, tags: located, docs: json },
)

const exposure = object(
  'an exposure',
  { name: text, type: choice('dashboard', 'notebook', 'analysis', 'ml', 'application') },
  {
    label: text,
    url: text,
    description: text,
    maturity: choice('high', 'medium', 'low'),
    owner: jsonObject,
    depends_on: listOf(text),
    config: located,
    meta: jsonObject,
    tags: listOrOne(text),
    enabled: boolean,
    // Said to stand elsewhere.
    panels: located,
  },
)

export const propertiesFile = object(
  'a properties file',
  {},
  {
    version: json,
    models: listOf(model),
    seeds: listOf(seed),
    snapshots: listOf(snapshot),
    sources: listOf(source),
    macros: listOf(macro),
    data_tests: listOf(singularTest),
    tests: listOf(singularTest),
    exposures: listOf(exposure),
    anchors: json,
    // dbt's, with nothing here that reads them
    analyses: json,
    groups: json,
    metrics: json,
    semantic_models: json,
    saved_queries: json,
    unit_tests: located,
    functions: json,
  },
)

export type WrittenProperties = Shaped<typeof propertiesFile>
export type WrittenColumn = Shaped<typeof column>
export type WrittenConstraint = Shaped<typeof constraint>
export type WrittenModel = Shaped<typeof model>
export type WrittenSnapshot = Shaped<typeof snapshot>
export type WrittenSource = Shaped<typeof source>
export type WrittenTable = Shaped<typeof table>
export type WrittenSingularTest = Shaped<typeof singularTest>
export type WrittenMacro = Shaped<typeof macro>
export type WrittenExposure = Shaped<typeof exposure>
