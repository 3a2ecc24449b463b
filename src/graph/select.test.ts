import { describe, expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { dataTest, exposure, genericTest, manifestOf, model, seed, source } from '../test/manifest-fixture.ts'
import { uniqueId } from '../text/unique-id.ts'
import { graphOf } from './from-manifest.ts'
import { type IndirectSelection, type SelectInput, select } from './select.ts'
import { parseSelector } from './selector.ts'

//   raw_orders ──→ stg_orders ──→ orders ──→ board
//   web.visits ──→ stg_visits ──↗      └───→ daily
const rawOrders = seed('raw_orders', { config: { tags: ['nightly'] } })
const visits = source('web', 'visits', { config: { tags: ['nightly'] } })
const stgOrders = model('stg_orders', [rawOrders.id], {
  file: 'models/silver/stg_orders.sql',
  patchFile: 'models/silver/silver.yml',
  config: { tags: ['nightly', 'orders'] },
})
const stgVisits = model('stg_visits', [visits.id], {
  file: 'models/silver/web/stg_visits.sql',
  config: { materialized: 'ephemeral' },
})
const orders = model('orders', [stgOrders.id, stgVisits.id], {
  file: 'models/gold/orders.sql',
  config: { materialized: 'incremental', meta: { owner: 'ana', pii: true }, group: 'finance' },
  unrenderedConfig: { access: 'public' },
})
const daily = model('daily', [orders.id], { file: 'models/gold/daily.sql', config: { unique_key: ['day', 'store'] } })
const notNull = genericTest('not_null', orders, 'id', { config: { severity: 'warn' } })
const relationships = genericTest('relationships', orders, 'store', { alsoDependsOn: [stgOrders.id] })
const noFreeOrders = dataTest('no_free_orders', [orders.id, daily.id])
const board = exposure('board', [orders.id], { tags: ['weekly'] })

const manifest = manifestOf([
  ...[rawOrders, visits, stgOrders, stgVisits, orders, daily],
  ...[notNull, relationships, noFreeOrders, board],
])
const input: SelectInput = { manifest, dag: graphOf(manifest) }

/** Names of what is selected, in the order of the graph; tests stay out unless asked for. */
function selected(words: string, options: Partial<SelectInput> & { readonly exclude?: string } = {}): string {
  const { exclude, ...rest } = options
  const selector = parseSelector({ select: [words], ...(exclude === undefined ? {} : { exclude: [exclude] }) })
  return names(select(selector, { ...input, indirect: 'empty', ...rest }).ids)
}

function names(ids: Iterable<string>): string {
  return [...ids].map((id) => id.slice(id.lastIndexOf('.') + 1)).join(' ')
}

describe('a method', () => {
  test.each([
    ['orders', 'orders'],
    ['gold', 'daily orders'],
    ['gold.orders', 'orders'],
    ['shop.gold.*', 'daily orders'],
    ['silver', 'stg_visits stg_orders'],
    ['silver.web', 'stg_visits'],
    ['stg_*', 'stg_visits stg_orders'],
    [
      'shop',
      'raw_orders stg_orders stg_visits orders board daily not_null_orders_id relationships_orders_store no_free_orders',
    ],
    ['board', 'board'],
    ['visits', ''],
    ['tag:nightly', 'raw_orders visits stg_orders'],
    ['tag:night*,tag:orders', 'stg_orders'],
    ['tag:weekly', 'board'],
    ['path:models/gold', 'orders daily'],
    ['models/silver/', 'stg_orders stg_visits'],
    ['./models/*/*.sql', 'stg_orders orders daily'],
    ['path:models/silver/silver.yml', 'stg_orders'],
    ['file:orders.sql', 'orders'],
    ['file:stg_*', 'stg_orders stg_visits'],
    ['orders.sql', 'orders'],
    ['package:this,resource_type:seed', 'raw_orders'],
    ['package:store', ''],
    ['config.materialized:incremental', 'orders'],
    ['config.meta.owner:ana', 'orders'],
    ['config.meta.pii:True', 'orders'],
    ['config.unique_key:store', 'daily'],
    ['config.severity:WARN', 'not_null_orders_id'],
    ['resource_type:source', 'visits'],
    ['resource_type:exposure', 'board'],
    ['source:web', 'visits'],
    ['source:web.visits', 'visits'],
    ['source:*.web.v*', 'visits'],
    ['exposure:shop.board', 'board'],
    ['+exposure:board', 'raw_orders visits stg_orders stg_visits orders board'],
    ['test_name:not_*', 'not_null_orders_id'],
    ['test_type:generic', 'not_null_orders_id relationships_orders_store'],
    ['test_type:singular', 'no_free_orders'],
    ['test_type:data', 'not_null_orders_id relationships_orders_store no_free_orders'],
    ['test_type:unit', ''],
    ['group:fin*', 'orders'],
    ['access:public', 'orders'],
    ['version:none,tag:orders', 'stg_orders'],
    ['metric:revenue', ''],
  ])('%s selects %s', (words, expected) => {
    expect(selected(words).split(' ').sort()).toEqual(expected.split(' ').sort())
  })

  test('result:error selects what ended so in the last run', () => {
    const statuses = new Map<string, string>([
      [orders.id, 'error'],
      [daily.id, 'skipped'],
    ])
    const results = { command: 'build', args: {}, statuses }
    expect(selected('result:error', { results })).toBe('orders')
    expect(selected('result:error+', { results })).toContain('daily')
    expect(selected('result:skip', { results })).toBe('daily')
  })

  test('a relation that is one of several of its node selects the node', () => {
    const relations = new Map([['chatbot_report_f1000', daily.id]])
    expect(selected('chatbot_report_f1000', { relations })).toBe('daily')
    expect(selected('chatbot_report_f2000', { relations })).toBe('')
  })

  test.each([
    ['resource_type:modle', 'selector-value', 'did you mean "model"?'],
    ['test_type:schemas', 'selector-value', 'did you mean "schema"?'],
    ['source:a.b.c.d', 'selector-value', 'the longest form is package.source.table'],
    [
      'config:table',
      'selector-value',
      'name it behind a dot, such as "config.materialized:incremental" or "config.meta.owner:ana"',
    ],
    ['state:modified', 'selector-needs-state', 'give its folder with --state'],
    ['result:error', 'selector-needs-state', 'give its folder with --state'],
    ['source_status:fresher', 'selector-needs-state', 'give its folder with --state'],
    ['source_status:stale', 'selector-value', 'it is one of fresher'],
  ])('%s is refused: %s', (words, code, hint) => {
    try {
      selected(words)
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      expect(error.diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.hint])).toEqual([[code, hint]])
    }
  })
})

describe('a + or an @', () => {
  test('goes up and down as far as it says', () => {
    expect(selected('+orders')).toBe('raw_orders visits stg_orders stg_visits orders')
    expect(selected('1+orders')).toBe('stg_orders stg_visits orders')
    expect(selected('stg_orders+1,resource_type:model')).toBe('stg_orders orders')
    expect(selected('2+daily')).toBe('stg_orders stg_visits orders daily')
  })

  test('@ takes along what everything below is made of', () => {
    expect(selected('@stg_visits,resource_type:model')).toBe('stg_orders stg_visits orders daily')
    expect(selected('@raw_orders,resource_type:source')).toBe('visits')
  })
})

describe('tests that come along', () => {
  const testsOf = (words: string, indirect: IndirectSelection, exclude?: string) => {
    const ids = select(parseSelector({ select: [words], exclude: exclude === undefined ? [] : [exclude] }), {
      ...input,
      indirect,
    }).ids
    return names([...ids].filter((id) => id.startsWith('test.')))
  }

  test('eager: when any parent is selected', () => {
    expect(testsOf('orders', 'eager')).toBe('not_null_orders_id relationships_orders_store no_free_orders')
  })

  test('cautious: when all parents are selected', () => {
    expect(testsOf('orders', 'cautious')).toBe('not_null_orders_id')
  })

  test('cautious: also when another part of the selector brings the other parent', () => {
    expect(testsOf('orders stg_orders', 'cautious')).toBe('not_null_orders_id relationships_orders_store')
  })

  test('buildable: when the other parents are above what is selected', () => {
    expect(testsOf('orders', 'buildable')).toBe('not_null_orders_id relationships_orders_store')
  })

  test('empty: none but those named', () => {
    expect(testsOf('orders', 'empty')).toBe('')
    expect(testsOf('orders not_null_orders_id', 'empty')).toBe('not_null_orders_id')
  })

  test('leave with what is excluded', () => {
    expect(testsOf('orders daily', 'eager', 'daily')).toBe('not_null_orders_id relationships_orders_store')
  })
})

describe('a part that matches nothing', () => {
  const warningsOf = (...words: readonly string[]) =>
    select(parseSelector({ select: words }), input).warnings.map((warning) => formatDiagnostic(warning))

  test('is warned of, with the nearest name', () => {
    expect(warningsOf('stg_order', 'orders', 'tag:nigthly', 'orders,daily')).toEqual([
      'warning[nothing-selected]\n  The selector "stg_order" matches nothing.\n  hint: did you mean "stg_orders"?',
      'warning[nothing-selected]\n  The selector "tag:nigthly" matches nothing.\n  hint: did you mean "nightly"?',
    ])
  })
})

test('everything is everything', () => {
  expect(select({ kind: 'everything' }, input).ids.size).toBe(10)
  expect(select({ kind: 'everything' }, input).ids.has(uniqueId('source', 'shop', 'web', 'visits'))).toBe(true)
})
