import { tagsOf } from '../graph/methods.ts'
import type { ColumnProperties, DataTest } from '../manifest/nodes.ts'
import type { FoundRelation } from '../report/artifacts/index.ts'
import type { PublishedRelation } from '../state/rows.ts'
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts'
import type { History } from './history.ts'
import type { PageNode } from './numbering.ts'
import type { SiteColumn, SiteDetails, SiteExposure, SiteNode, SiteTest, TestCounts } from './site-data.ts'
import type { SiteProjectInput } from './site-project.ts'
import { summaryOf } from './summary.ts'

/** What the descriptions of all nodes are made from. */
export interface DescribeInput {
  readonly project: SiteProjectInput
  readonly history: History
  readonly foundOf: ReadonlyMap<string, FoundRelation>
  readonly publishedOf: ReadonlyMap<string, readonly PublishedRelation[]>
}

/** How many results of a node or test are shown. */
const RESULTS_SHOWN = 30

/** The entry of a node in the index, but for its number's neighbours and its file of details. */
export function describeInIndex(
  node: PageNode,
  tests: readonly DataTest[],
  input: DescribeInput,
): Omit<SiteNode, 'parents' | 'chunk'> {
  const columns = columnsOf(node, tests, input)
  const status = input.history.ofNode.get(node.id)?.[0]?.status
  const rows = rowsOf(node, input)
  return {
    id: node.id,
    name: nameOf(node),
    kind: node.kind,
    package: node.package,
    fqn: node.fqn,
    path: node.file.path,
    ...('patchFile' in node && node.patchFile ? { patchPath: node.patchFile.path } : {}),
    tags: tagsOf(node),
    ...(node.kind === 'exposure' || node.kind === 'source' ? {} : { materialized: node.config.materialized }),
    ...('config' in node && node.config.group !== undefined ? { group: node.config.group } : {}),
    columns: columns.map(({ name }) => name),
    summary: summaryOf(descriptionOf(node)),
    tests: countTests(tests, input.history),
    ...(status === undefined ? {} : { status }),
    ...(rows === undefined ? {} : { rows }),
  }
}

/** What the page of a node shows. */
export function describeInFull(node: PageNode, tests: readonly DataTest[], input: DescribeInput): SiteDetails {
  const { project, history } = input
  const published = input.publishedOf.get(node.id) ?? []
  const compiled = project.compiled.get(node.id)
  const notCompiled = project.notCompiled.get(node.id)
  const relation = 'relation' in node && node.relation ? project.dialect.render(node.relation) : undefined
  return {
    description: descriptionOf(node),
    ...(relation === undefined ? {} : { relation }),
    relations: isPerValue(node) ? published.map(describePublished) : [],
    settings: settingsOf(node),
    columns: columnsOf(node, tests, input),
    tests: tests.map((test) => describeTest(test, input)),
    ...('rawCode' in node ? { code: node.rawCode } : {}),
    ...(compiled === undefined ? {} : { compiled: compiled.trim() }),
    ...(notCompiled === undefined ? {} : { notCompiled }),
    results: (history.ofNode.get(node.id) ?? []).slice(0, RESULTS_SHOWN),
    ...(published[0] ? { publishedAt: published[0].publishedAt } : {}),
    ...(node.kind === 'exposure' ? { exposure: exposureOf(node.properties) } : {}),
  }
}

export function nameOf(node: PageNode): string {
  return node.kind === 'source' ? `${node.sourceName}.${node.name}` : node.name
}

function descriptionOf(node: PageNode): string {
  if (node.kind === 'exposure') return textOf(node.properties.description) ?? ''
  return node.description || (node.kind === 'source' ? node.sourceDescription : '')
}

function isPerValue(node: PageNode): boolean {
  return node.kind === 'model' && node.config.per_value !== undefined
}

function describePublished({ schema, identifier, rows }: PublishedRelation): SiteDetails['relations'][number] {
  return { name: `${schema}.${identifier}`, ...(rows === undefined ? {} : { rows }) }
}

function rowsOf(node: PageNode, { publishedOf, foundOf }: DescribeInput): number | undefined {
  if (!isPerValue(node)) return foundOf.get(node.id)?.rows
  const counts = (publishedOf.get(node.id) ?? []).map(({ rows }) => rows ?? 0)
  return counts.length === 0 ? undefined : counts.reduce((sum, rows) => sum + rows, 0)
}

/** The columns of the relation, or of what would be built where there is none yet, then those that are only declared. */
function columnsOf(
  node: PageNode,
  tests: readonly DataTest[],
  { foundOf, project }: Pick<DescribeInput, 'foundOf' | 'project'>,
): readonly SiteColumn[] {
  const declared = node.kind === 'exposure' ? [] : node.columns
  const found = foundOf.get(node.id)?.columns ?? project.lineage?.nodes.get(node.id)?.columns ?? []
  const testsOn = (name: string) =>
    tests.flatMap((test, index) => (sameName(test.generic?.columnName ?? '', name) ? [index] : []))
  const known = found.map(({ name, type }): SiteColumn => {
    const properties = declared.find((column) => sameName(column.name, name))
    return { name, type, ...described(properties), tests: testsOn(name) }
  })
  const others = declared.filter((column) => !found.some(({ name }) => sameName(name, column.name)))
  return [
    ...known,
    ...others.map(
      (column): SiteColumn => ({
        name: column.name,
        ...(column.data_type === undefined ? {} : { type: column.data_type }),
        ...described(column),
        tests: testsOn(column.name),
        ...(found.length > 0 ? { isMissing: true } : {}),
      }),
    ),
  ]
}

function described(column: ColumnProperties | undefined): Pick<SiteColumn, 'description' | 'tags' | 'meta'> {
  return {
    description: column?.description ?? '',
    tags: column?.tags ?? [],
    meta: Object.entries(column?.meta ?? {}).map(([key, value]) => [key, jsonText(value)] as const),
  }
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function describeTest(test: DataTest, { project, history }: DescribeInput): SiteTest {
  const sql = project.compiled.get(test.id)
  const { generic } = test
  return {
    name: test.name,
    ...(generic ? { generic: generic.namespace ? `${generic.namespace}.${generic.name}` : generic.name } : {}),
    ...(generic?.columnName === undefined ? {} : { column: generic.columnName }),
    severity: test.config.severity,
    path: test.file.path,
    description: test.description,
    ...(sql === undefined ? {} : { sql: sql.trim() }),
    results: (history.ofTest.get(test.id) ?? []).slice(0, RESULTS_SHOWN),
  }
}

function countTests(tests: readonly DataTest[], history: History): TestCounts {
  const counts = { total: tests.length, passed: 0, warned: 0, failed: 0 }
  for (const { id } of tests) {
    const status = history.ofTest.get(id)?.[0]?.status
    if (status === 'pass') counts.passed += 1
    else if (status === 'warn') counts.warned += 1
    else if (status === 'fail' || status === 'error') counts.failed += 1
  }
  return counts
}

/** Settings that change what is built or who may read it. */
function settingsOf(node: PageNode): SiteDetails['settings'] {
  if (node.kind === 'exposure') return []
  if (node.kind === 'source') {
    return node.external && 'location' in node.external ? [['location', String(node.external.location)]] : []
  }
  const { config } = node
  const shown = [
    ['incremental_strategy', config.incremental_strategy],
    ['unique_key', config.unique_key],
    ['event_time', config.event_time],
    ['strategy', node.kind === 'snapshot' ? config.strategy : undefined],
    ['updated_at', config.updated_at],
    ['check_cols', config.check_cols],
    ['per_value', config.per_value?.name],
    ['contract', config.contract.enforced ? 'enforced' : undefined],
    ['grants', Object.keys(config.grants).length > 0 ? (config.grants as JsonObject) : undefined],
    ['meta', Object.keys(config.meta).length > 0 ? config.meta : undefined],
  ] as const
  return shown.flatMap(([key, value]) => (value === undefined ? [] : [[key, jsonText(value)] as const]))
}

function exposureOf(properties: JsonObject): SiteExposure {
  const owner = isJsonObject(properties.owner)
    ? (textOf(properties.owner.name) ?? textOf(properties.owner.email))
    : undefined
  const optional = {
    label: textOf(properties.label),
    url: textOf(properties.url),
    maturity: textOf(properties.maturity),
  }
  return {
    type: textOf(properties.type) ?? '',
    ...(optional.label === undefined ? {} : { label: optional.label }),
    ...(optional.url === undefined ? {} : { url: optional.url }),
    ...(optional.maturity === undefined ? {} : { maturity: optional.maturity }),
    ...(owner === undefined ? {} : { owner }),
  }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Lists of plain values as they are read aloud, everything deeper as JSON. */
function jsonText(value: Json): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)) return value.join(', ')
  return JSON.stringify(value)
}
