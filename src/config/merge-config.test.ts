import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { layersFromTree, unusedPaths } from './config-tree.ts'
import { configEntries, mergeConfig } from './merge-config.ts'
import { parseYaml } from './yaml.ts'

/** Merges the layers of a YAML list, the strongest last. */
function merge(text: string, type: 'model' | 'snapshot' | 'test' = 'model') {
  const file = parseYaml({ path: 'layers.yml', text })
  const layers = (file.value as unknown[]).map((_, index) => configEntries(file.child(index)))
  const problems: Diagnostic[] = []
  const { config, places } = mergeConfig(layers, type, problems)
  return { config, places, problems: problems.map(({ code, message }) => `${code}: ${message}`) }
}

describe('how layers merge', () => {
  test('most settings replace', () => {
    const { config } = merge('[{ materialized: table, unique_key: id }, { materialized: view }]')
    expect(config).toMatchObject({ materialized: 'view', unique_key: 'id' })
  })

  test('tags and hooks append, each tag once', () => {
    const { config } = merge(`
- { tags: daily, pre-hook: select 1 }
- { +tags: [finance, daily], pre_hook: [{ sql: select 2, transaction: false }] }
`)
    expect(config.tags).toEqual(['daily', 'finance'])
    expect(config.pre_hook).toEqual([
      { sql: 'select 1', transaction: true },
      { sql: 'select 2', transaction: false },
    ])
  })

  test('meta, quoting and column types merge by key', () => {
    const { config } = merge(`
- { meta: { owner: ana, level: { a: 1 } }, quoting: { schema: true }, column_types: { id: bigint } }
- { meta: { level: { b: 2 } }, quoting: { identifier: false }, column_types: { name: text } }
`)
    expect(config.meta).toEqual({ owner: 'ana', level: { b: 2 } })
    expect(config.quoting).toEqual({ schema: true, identifier: false })
    expect(config.column_types).toEqual({ id: 'bigint', name: 'text' })
  })

  test('grants replace by privilege, and append with +', () => {
    const { config } = merge(`
- { grants: { select: [ana], insert: bruno } }
- { grants: { +select: carla, insert: [dora] } }
`)
    expect(config.grants).toEqual({ select: ['ana', 'carla'], insert: ['dora'] })
  })

  test('null takes a setting back', () => {
    expect(merge('[{ schema: silver }, { schema: null }]').config.schema).toBe(undefined)
  })

  test('old names are today’s', () => {
    expect(merge('[{ predicates: [a > 1] }]').config.incremental_predicates).toEqual(['a > 1'])
    expect(merge('[{ invalidate_hard_deletes: true }]', 'snapshot').config.hard_deletes).toBe('invalidate')
  })

  test('words for booleans and capitals are read', () => {
    expect(merge('[{ enabled: no, severity: WARN }]', 'test').config).toMatchObject({
      enabled: false,
      severity: 'warn',
    })
  })
})

test('without settings there are the defaults of dbt', () => {
  expect(merge('[{}]').config).toEqual({
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
  })
})

test('the place of a setting is that of the layer that holds', () => {
  const { places } = merge('[{ alias: a },\n { alias: b }]')
  const place = places.get('alias')
  expect(place?.file.text.slice(place.start, place.end)).toBe('b')
})

test('wrong values and unknown names are problems', () => {
  expect(
    merge('[{ tags: { a: 1 }, on_schema_change: apend, materialised: x, contract: {}, limit: -1, unique_key: [[a]] }]')
      .problems,
  ).toMatchInlineSnapshot(`
      [
        "wrong-value: "tags" must be text, not a map.",
        "wrong-value: "on_schema_change" must be one of ignore, append_new_columns, sync_all_columns, fail, not "apend".",
        "config-key-unknown: There is no config "materialised".",
        "key-missing: The key "enforced" is missing in contract.",
        "wrong-value: "limit" must be a whole number, not -1.",
        "wrong-value: This must be text, not a list.",
      ]
    `)
})

describe('the tree of the project file', () => {
  const tree = parseYaml({
    path: 'project.yml',
    text: `
+tags: all
shop:
  materialized: view
  silver:
    +schema: silver
    stg_orders: { +alias: o }
  gold: { +schema: gold }
  empty:
  meta: { owner: ana }
`,
  })

  test('a node has one layer for each step of its fqn that the tree knows', () => {
    const layers = layersFromTree(tree, ['shop', 'silver', 'stg_orders'])
    expect(layers.map((layer) => layer.map(({ key, at }) => [key, at.value]))).toEqual([
      [['+tags', 'all']],
      [['materialized', 'view']],
      [['+schema', 'silver']],
      [['+alias', 'o']],
    ])
    expect(layersFromTree(tree, ['other', 'orders'])).toHaveLength(1)
    expect(layersFromTree(undefined, ['shop'])).toEqual([])
  })

  test('folders that no node has are warned of, and settings that lack their +', () => {
    const warnings = unusedPaths('models', tree, [['shop', 'silver', 'orders']])
    expect(warnings.map(({ message, hint }) => [message, hint])).toEqual([
      [
        'The settings under "models.shop.silver.stg_orders" belong to nothing: there is no such folder or node.',
        undefined,
      ],
      ['The settings under "models.shop.gold" belong to nothing: there is no such folder or node.', undefined],
      [
        'The settings under "models.shop.meta" belong to nothing: there is no such folder or node.',
        'to set the config of that name, write "+meta"',
      ],
    ])
  })
})
