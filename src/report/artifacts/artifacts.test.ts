import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { duckdbDialect } from '../../adapters/duckdb/dialect.ts'
import { readManifestArtifact } from '../../artifacts/manifest-artifact.ts'
import { readRunResults } from '../../artifacts/run-results-artifact.ts'
import type { CompiledNode } from '../../compile/compiled-node.ts'
import type { ProjectContext } from '../../context/project-context.ts'
import { problem } from '../../diagnostics/errors.ts'
import { graphOf } from '../../graph/from-manifest.ts'
import { select } from '../../graph/select.ts'
import { parseSelector } from '../../graph/selector.ts'
import type { Operation, RunnableNode, Snapshot } from '../../manifest/nodes.ts'
import type { NodeResult } from '../../run/results.ts'
import { dataTest, exposure, genericTest, macro, manifestOf, model, seed, source } from '../../test/manifest-fixture.ts'
import { uniqueId } from '../../text/unique-id.ts'
import type { JsonObject } from '../../util/json.ts'
import { catalogArtifact } from './catalog.ts'
import { writeRunArtifacts } from './index.ts'
import { manifestArtifact } from './manifest.ts'
import { runResultsArtifact } from './run-results.ts'

const cents = macro('cents', '{% macro cents(column) %}{{ column }} * 100{% endmacro %}')
const visits = source('web', 'visits')
const rawOrders = seed('raw_orders')
const orders = model('orders', [rawOrders.id], {
  file: 'models/gold/orders.sql',
  rawCode: "select {{ cents('amount') }} from {{ ref('raw_orders') }}",
  config: { materialized: 'table', meta: { owner: 'ana' }, tags: ['daily'] },
  unrenderedConfig: { materialized: 'table', meta: { owner: 'ana' }, tags: ['daily'] },
  description: 'All orders.',
  columns: [{ name: 'id', description: 'The key.', data_type: 'integer', tags: [], meta: {}, constraints: [] }],
  patchFile: 'models/shop.yml',
  macros: [cents.id],
})
const ephemeral = model('stg_visits', [visits.id], { config: { materialized: 'ephemeral' } })
const { relation, ...ordersCopy } = model('orders_snapshot', [orders.id], {
  file: 'snapshots/orders_snapshot.sql',
  config: { materialized: 'snapshot', strategy: 'check', check_cols: 'all', unique_key: 'id' },
})
const id = uniqueId('snapshot', 'shop', 'orders_snapshot')
const snapshot: Snapshot = { ...ordersCopy, id, kind: 'snapshot', relation: relation! }
const notNull = genericTest('not_null', orders, 'id')
const unique = genericTest('unique', orders, 'id')
const noFreeOrders = dataTest('no_free_orders', [orders.id])
const board = exposure('board', [orders.id])
const { kind: _, ...hookBase } = dataTest('shop-on-run-end-0', [], { file: 'project.yml', rawCode: 'select 1' })
const hookId = uniqueId('operation', 'shop', 'shop-on-run-end-0')
const hook: Operation = {
  ...hookBase,
  id: hookId,
  kind: 'operation',
  when: 'on-run-end',
  index: 0,
  hook: { sql: 'select 1', transaction: true },
}

const manifest = manifestOf(
  [cents, visits, rawOrders, orders, ephemeral, snapshot, notNull, unique, noFreeOrders, board],
  {
    operations: [hook],
    docs: new Map([['shop.orders_doc', 'All *orders*.']]),
    disabled: [model('old_orders')],
  },
)

const project: ProjectContext = {
  name: 'shop',
  version: '1.0',
  root: '/shop',
  target: {
    profile_name: 'shop',
    name: 'dev',
    type: 'duckdb',
    database: 'shop',
    schema: 'main',
    threads: 4,
    fields: {},
  },
  dialect: duckdbDialect,
  vars: { find: () => undefined },
  env: {},
  // Artifacts look nothing up in the macros.
  macros: undefined as unknown as ProjectContext['macros'],
  dispatch: [],
  runStartedAt: '2026-11-21T07:23:07.269207Z',
  invocationId: 'b7e5e4a1-983c-404d-8649-8ab65fc3f5ab',
  flags: {},
  emit: () => {},
  secrets: [],
}

const generatedAt = '2026-11-21T07:23:09.770Z'
const compiled = new Map([orders, ephemeral, notNull, noFreeOrders].map((node) => [node.id, compiledNode(node)]))

function compiledNode(node: RunnableNode): CompiledNode {
  const sql = `select 1 -- ${node.name}`
  // Artifacts lead no error back through a source map.
  return { node, sql, publishedSql: sql, map: undefined as unknown as CompiledNode['map'] }
}

const artifact = manifestArtifact({ manifest, project, compiled, targetFolder: 'target', generatedAt })

// The lists of keys are those of files that dbt-core 1.11.16 with dbt-duckdb 1.11.1 wrote for a project like this one.
describe('manifest.json has the keys of dbt', () => {
  const NODE =
    'alias build_path checksum columns config created_at database depends_on description doc_blocks docs fqn group meta ' +
    'name original_file_path package_name patch_path path raw_code relation_name resource_type schema tags unique_id ' +
    'unrendered_config'
  const TEMPLATED = `${NODE} compiled_path contract functions language metrics refs sources`
  const COMPILED = 'compiled compiled_code extra_ctes extra_ctes_injected'
  const CONFIG = 'alias database enabled group materialized meta schema static_analysis tags'
  const NODE_CONFIG =
    `${CONFIG} batch_size begin column_types concurrent_batches contract docs event_time full_refresh grants ` +
    'incremental_strategy lookback on_configuration_change on_schema_change packages persist_docs post-hook pre-hook ' +
    'quoting unique_key'
  const TEST_CONFIG = `${CONFIG} error_if fail_calc limit severity store_failures store_failures_as warn_if where`
  const MODEL = 'access constraints deprecation_date latest_version primary_key time_spine version'

  test.each<[string, JsonObject, string]>([
    [
      'the file',
      artifact as unknown as JsonObject,
      'child_map disabled docs exposures functions group_map groups macros metadata metrics nodes parent_map ' +
        'saved_queries selectors semantic_models sources unit_tests',
    ],
    [
      'its metadata',
      artifact.metadata as unknown as JsonObject,
      'adapter_type dbt_schema_version dbt_version env generated_at invocation_id invocation_started_at project_id ' +
        'project_name quoting run_started_at send_anonymous_usage_stats user_id',
    ],
    ['a model', artifact.nodes[orders.id]!, `${TEMPLATED} ${COMPILED} ${MODEL}`],
    ['a model that was not compiled', artifact.disabled['model.shop.old_orders']![0]!, `${TEMPLATED} ${MODEL}`],
    ['the config of a model', configOf(orders.id), `${NODE_CONFIG} access freshness`],
    ['a seed', artifact.nodes[rawOrders.id]!, `${NODE} root_path`],
    ['the config of a seed', configOf(rawOrders.id), `${NODE_CONFIG} delimiter quote_columns`],
    ['a snapshot', artifact.nodes[snapshot.id]!, TEMPLATED],
    [
      'the config of a snapshot',
      configOf(snapshot.id),
      `${NODE_CONFIG} check_cols dbt_valid_to_current snapshot_meta_column_names strategy target_database target_schema updated_at`,
    ],
    [
      'a generic test',
      artifact.nodes[notNull.id]!,
      `${TEMPLATED} ${COMPILED} attached_node column_name file_key_name test_metadata`,
    ],
    ['a singular test', artifact.nodes[noFreeOrders.id]!, `${TEMPLATED} ${COMPILED}`],
    ['the config of a test', configOf(notNull.id), TEST_CONFIG],
    ['a hook', artifact.nodes[hookId]!, `${TEMPLATED} index`],
    ['the config of a hook', configOf(hookId), NODE_CONFIG],
    [
      'a column',
      (artifact.nodes[orders.id]!.columns as JsonObject).id as JsonObject,
      'config constraints data_type description doc_blocks granularity meta name quote tags',
    ],
    [
      'a source',
      artifact.sources[visits.id]!,
      'columns config created_at database description doc_blocks external fqn freshness identifier loaded_at_field ' +
        'loaded_at_query loader meta name original_file_path package_name patch_path path quoting relation_name ' +
        'resource_type schema source_description source_meta source_name tags unique_id unrendered_config ' +
        'unrendered_database unrendered_schema',
    ],
    [
      'an exposure',
      artifact.exposures[board.id]!,
      'config created_at depends_on description fqn label maturity meta metrics name original_file_path owner ' +
        'package_name path refs resource_type sources tags type unique_id unrendered_config url',
    ],
    [
      'a macro',
      artifact.macros[cents.id]!,
      'arguments config created_at depends_on description docs macro_sql meta name original_file_path package_name ' +
        'patch_path path resource_type supported_languages unique_id',
    ],
    [
      'a doc block',
      artifact.docs['doc.shop.orders_doc']!,
      'block_contents name original_file_path package_name path resource_type unique_id',
    ],
  ])('%s', (_, object, keys) => {
    expect(Object.keys(object).sort()).toEqual(keys.split(' ').sort())
  })

  function configOf(id: string): JsonObject {
    return artifact.nodes[id]!.config as JsonObject
  }
})

describe('manifest.json says of a node', () => {
  test('what it is and where it lies', () => {
    expect(artifact.nodes[orders.id]).toMatchObject({
      unique_id: 'model.shop.orders',
      resource_type: 'model',
      original_file_path: 'models/gold/orders.sql',
      path: 'gold/orders.sql',
      patch_path: 'shop://models/shop.yml',
      database: 'shop',
      schema: 'main',
      relation_name: '"shop"."main"."orders"',
      depends_on: { nodes: ['seed.shop.raw_orders'], macros: ['macro.shop.cents'] },
      compiled_path: 'target/compiled/shop/models/gold/orders.sql',
      compiled_code: 'select 1 -- orders',
      primary_key: ['id'],
      created_at: 1795245787.269,
    })
    expect(artifact.nodes[ephemeral.id]).toMatchObject({ schema: 'main', relation_name: null })
    expect(artifact.nodes[notNull.id]).toMatchObject({
      file_key_name: 'models.orders',
      attached_node: 'model.shop.orders',
      checksum: { name: 'none', checksum: '' },
      compiled_path: 'target/compiled/shop/models/shop.yml/not_null_orders_id.sql',
      config: { severity: 'ERROR' },
    })
    expect(artifact.nodes[hookId]).toMatchObject({ index: 1, tags: ['on-run-end'] })
  })

  test('who is above and below it', () => {
    expect(artifact.parent_map[orders.id]).toEqual(['seed.shop.raw_orders'])
    expect(artifact.child_map[orders.id]).toEqual([
      'exposure.shop.board',
      'snapshot.shop.orders_snapshot',
      'test.shop.no_free_orders',
      'test.shop.not_null_orders_id',
      'test.shop.unique_orders_id',
    ])
    expect(artifact.child_map[hookId]).toEqual([])
  })
})

test('a manifest that was written and read again differs in nothing', () => {
  const state = readManifestArtifact({ path: 'target/manifest.json', text: JSON.stringify(artifact) })
  const input = { manifest, dag: graphOf(manifest), state }
  const modified = (words: string) => [...select(parseSelector({ select: [words] }), input).ids]
  expect(modified('state:modified')).toEqual([])
  expect(modified('state:new')).toEqual([])
  expect(modified('state:old')).toHaveLength(manifest.nodes.size + 2)
})

const results: readonly NodeResult[] = [
  nodeResult(rawOrders.id, { status: 'success', rows: 2 }),
  nodeResult(orders.id, {
    status: 'error',
    compileSeconds: 0.05,
    message: 'Binder Error',
    diagnostics: [problem('database', 'Binder Error: no "amount"', { hint: 'did you mean "amounts"?' })],
  }),
  nodeResult(notNull.id, { status: 'fail', failures: 1, message: '1 failing result' }),
  nodeResult(snapshot.id, { status: 'skipped', seconds: 0, message: '"orders" failed or was skipped' }),
]

function nodeResult(id: NodeResult['id'], details: Partial<NodeResult> & Pick<NodeResult, 'status'>): NodeResult {
  return { id, startedAt: '2026-11-21T07:23:09.000Z', seconds: 0.2, threadId: 'Thread-1', diagnostics: [], ...details }
}

const runResults = runResultsArtifact({
  manifest,
  project,
  compiled,
  results,
  elapsedSeconds: 0.42,
  command: 'build',
  args: { fullRefresh: false, select: ['orders+'], threads: undefined },
  generatedAt,
})

test('run_results.json has the keys and words of dbt', () => {
  expect(runResults.args).toEqual({ which: 'build', full_refresh: false, select: ['orders+'] })
  expect(runResults.elapsed_time).toBe(0.42)
  expect(runResults.results[1]).toEqual({
    status: 'error',
    timing: [
      { name: 'compile', started_at: '2026-11-21T07:23:09.000Z', completed_at: '2026-11-21T07:23:09.050Z' },
      { name: 'execute', started_at: '2026-11-21T07:23:09.050Z', completed_at: '2026-11-21T07:23:09.200Z' },
    ],
    thread_id: 'Thread-1',
    execution_time: 0.2,
    adapter_response: {},
    message: 'error[database]\n  Binder Error: no "amount"\n  hint: did you mean "amounts"?',
    failures: null,
    unique_id: 'model.shop.orders',
    compiled: true,
    compiled_code: 'select 1 -- orders',
    relation_name: '"shop"."main"."orders"',
    batch_results: null,
  })
  const shown = runResults.results.map((each) => [
    each.status,
    each.message,
    each.failures,
    each.adapter_response,
    each.compiled,
  ])
  expect(shown).toEqual([
    ['success', null, null, { rows_affected: 2 }, null],
    ['error', expect.any(String), null, {}, true],
    ['fail', '1 failing result', 1, {}, true],
    ['skipped', '"orders" failed or was skipped', null, {}, false],
  ])
  expect(runResults.results[3]?.timing).toEqual([])
})

test('run results that were written can be read again', () => {
  const read = readRunResults({ path: 'target/run_results.json', text: JSON.stringify(runResults) })
  expect(read.command).toBe('build')
  expect([...read.statuses]).toEqual([
    ['seed.shop.raw_orders', 'success'],
    ['model.shop.orders', 'error'],
    ['test.shop.not_null_orders_id', 'fail'],
    ['snapshot.shop.orders_snapshot', 'skipped'],
  ])
})

const catalog = catalogArtifact({
  manifest,
  project,
  found: [
    {
      id: orders.id,
      relation: orders.relation!,
      kind: 'table',
      columns: [
        { name: 'ID', type: 'INTEGER' },
        { name: 'amount', type: 'DECIMAL(18,2)' },
      ],
      rows: 2,
    },
    { id: visits.id, relation: visits.relation, kind: 'view', columns: [{ name: 'page', type: 'VARCHAR' }] },
  ],
  generatedAt,
})

test('catalog.json has the keys of dbt', () => {
  expect(catalog.nodes).toEqual({
    'model.shop.orders': {
      metadata: {
        type: 'BASE TABLE',
        schema: 'main',
        name: 'orders',
        database: 'shop',
        comment: 'All orders.',
        owner: null,
      },
      columns: {
        ID: { type: 'INTEGER', index: 1, name: 'ID', comment: 'The key.' },
        amount: { type: 'DECIMAL(18,2)', index: 2, name: 'amount', comment: null },
      },
      stats: {
        has_stats: {
          id: 'has_stats',
          label: 'Has Stats?',
          value: true,
          include: false,
          description: 'Whether anything was counted for this relation',
        },
        row_count: { id: 'row_count', label: 'Rows', value: 2, include: true, description: 'Rows when last published' },
      },
      unique_id: 'model.shop.orders',
    },
  })
  expect(catalog.sources[visits.id]?.metadata).toMatchObject({
    type: 'VIEW',
    schema: 'web',
    name: 'visits',
    comment: null,
  })
  expect(Object.keys(catalog)).toEqual(['metadata', 'nodes', 'sources', 'errors'])
})

test('a run leaves its artifacts and its SQL, and no half-written file', async () => {
  const root = await mkdtemp(join(tmpdir(), 'lavra-artifacts-'))
  try {
    const folder = join(root, 'target')
    const sent = new Map([[orders.id, 'create table orders as select 1']])
    const run = {
      manifest,
      project: { ...project, root },
      results,
      sent,
      compiled,
      elapsedSeconds: 1,
      command: 'build',
    }
    await writeRunArtifacts({ ...run, folder, args: {}, writesJson: true, runFolder: join(folder, 'run') })
    const files = await readdir(root, { recursive: true, withFileTypes: true })
    const paths = files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(root.length + 1))
    expect(paths.sort()).toEqual([
      'target/compiled/shop/models/gold/orders.sql',
      'target/compiled/shop/models/shop.yml/not_null_orders_id.sql',
      'target/compiled/shop/models/stg_visits.sql',
      'target/compiled/shop/tests/no_free_orders.sql',
      'target/manifest.json',
      'target/run/shop/models/gold/orders.sql',
      'target/run_results.json',
    ])
    expect(await readFile(join(folder, 'run/shop/models/gold/orders.sql'), 'utf8')).toBe(
      'create table orders as select 1\n',
    )
    const written = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))
    expect(written.nodes[orders.id].compiled_path).toBe('target/compiled/shop/models/gold/orders.sql')
  } finally {
    await rm(root, { recursive: true })
  }
})
