import { expect, test } from 'vitest'
import { area } from './engines.ts'
import { places, problems, rows, statuses } from './look.ts'

/** Rows of a little table of states as SQL: `ca:1 ny:2`. */
const states = (text: string) =>
  text
    .split(' ')
    .map((row) => row.split(':'))
    .map(([state, visits]) => `select '${state}' as state, ${visits} as visits`)
    .join(' union all ')

area('incremental', ({ project }) => {
  const model = (config: string, query: string) => `{{ config(materialized='incremental', ${config}) }}\n${query}`

  test('a unique key replaces what has the same key, whatever is a key', async () => {
    const before = 'ca:1 ny:2 ca:3'
    const cases: readonly (readonly [name: string, config: string, first: string, second: string, then: string])[] = [
      ['no_key', `unique_key=none`, before, 'ca:1', 'ca 1, ca 1, ca 3, ny 2'],
      ['empty_key', `unique_key=''`, before, 'ca:1', 'ca 1, ca 1, ca 3, ny 2'],
      ['empty_list', `unique_key=[]`, before, 'ca:1', 'ca 1, ca 1, ca 3, ny 2'],
      ['one_column', `unique_key='visits'`, before, 'wa:1', 'ca 3, ny 2, wa 1'],
      ['one_in_list', `unique_key=['visits']`, before, 'wa:1', 'ca 3, ny 2, wa 1'],
      ['two_columns', `unique_key=['state', 'visits']`, before, 'ca:1 ca:2', 'ca 1, ca 2, ca 3, ny 2'],
      ['twice_the_same', `unique_key=['visits', 'visits']`, before, 'wa:1', 'ca 3, ny 2, wa 1'],
      [
        'expression',
        `unique_key="upper(state)", incremental_strategy='delete+insert'`,
        'ca:1 ny:2',
        'CA:9',
        'CA 9, ny 2',
      ],
      ['days', `unique_key='state', incremental_strategy='delete+insert'`, before, 'ca:7 ca:8', 'ca 7, ca 8, ny 2'],
      ['merged', `unique_key='state', incremental_strategy='merge'`, 'ca:1 ny:2', 'ca:5 wa:6', 'ca 5, ny 2, wa 6'],
      ['appended', `unique_key='state', incremental_strategy='append'`, 'ca:1', 'ca:5', 'ca 1, ca 5'],
    ]
    const files = (second: boolean) =>
      Object.fromEntries(
        cases.map(([name, config, first, next]) => [
          `models/${name}.sql`,
          model(config, states(second ? next : first)),
        ]),
      )
    const shop = await project(files(false))
    await shop.run()
    await shop.write(files(true))
    const outcome = await shop.run()
    expect(new Set(Object.values(statuses(outcome)))).toEqual(new Set(['success']))
    for (const [name, , , , then] of cases) {
      const found = await rows(shop, `select state || ' ' || visits from main.${name} order by 1`)
      // Engines order capitals in two ways.
      expect([name, [...found].sort().join(', ')]).toEqual([name, then])
    }
  })

  test('a key that is no column, and keys that are null or come twice, publish nothing', async () => {
    const shop = await project({ 'models/visits.sql': model(`unique_key='state'`, states('ca:1')) })
    await shop.run()
    await shop.write({ 'models/visits.sql': model(`unique_key='country'`, states('ca:2')) })
    expect(places(await shop.run())).toEqual(['incremental-unknown-key models/visits.sql:1:50'])
    await shop.write({ 'models/visits.sql': model(`unique_key=['state', 'thisisnotacolumn']`, states('ca:2')) })
    expect(places(await shop.run())).toEqual(['incremental-unknown-key models/visits.sql:1:50'])
    await shop.write({ 'models/visits.sql': model(`unique_key='state'`, states('ca:2 ca:3')) })
    expect(problems(await shop.run())).toEqual([
      'incremental-duplicate-key models/visits.sql:1:50 2 new rows of "visits" have the same key: state = ca.',
    ])
    await shop.write({
      'models/visits.sql': model(`unique_key='state'`, 'select cast(null as varchar) as state, 1 as visits'),
    })
    expect(places(await shop.run())).toEqual(['incremental-null-key models/visits.sql:1:50'])
    expect(await rows(shop, 'select * from main.visits')).toEqual(['ca | 1'])
  })

  test('predicates narrow what is replaced', async () => {
    const config = (strategy: string, more: string) => `unique_key='state', incremental_strategy='${strategy}', ${more}`
    const files = (rowsOf: string) => ({
      'models/deleted.sql': model(config('delete+insert', `incremental_predicates=['visits < 10']`), states(rowsOf)),
      'models/deleted_old_name.sql': model(config('delete+insert', `predicates=['visits < 10']`), states(rowsOf)),
      'models/merged.sql': model(
        config('merge', `incremental_predicates=['DBT_INTERNAL_DEST.visits < 10', 'DBT_INTERNAL_SOURCE.visits > 0']`),
        states(rowsOf),
      ),
    })
    const shop = await project(files('ca:1 ny:20'))
    await shop.run()
    await shop.write(files('ca:2 ny:3'))
    await shop.run()
    for (const name of ['deleted', 'deleted_old_name', 'merged']) {
      expect([name, await rows(shop, `select * from main.${name} order by 1, 2`)]).toEqual([
        name,
        ['ca | 2', 'ny | 3', 'ny | 20'],
      ])
    }
  })

  test('on_schema_change decides about columns that are new, gone or of another type', async () => {
    const modes = ['ignore', 'append_new_columns', 'sync_all_columns', 'fail'] as const
    const files = (query: string) =>
      Object.fromEntries(
        modes.map((mode) => [`models/${mode}.sql`, model(`unique_key='id', on_schema_change='${mode}'`, query)]),
      )
    const shop = await project(files(`select 1 as id, 'a' as field1, 'b' as field2`))
    await shop.run()
    const wider = files(`select 2 as id, 'c' as field1, 'd' as field2, 'e' as field3`)
    await shop.write(wider)
    const failed = await shop.run()
    expect(statuses(failed)).toEqual({
      append_new_columns: 'skipped',
      fail: 'error',
      ignore: 'skipped',
      sync_all_columns: 'skipped',
    })
    expect(problems(failed)).toEqual([
      'incremental-schema-change models/fail.sql:1:73 The columns of the model are not those of its table (new: field3).',
    ])
    await shop.run({ exclude: ['fail'] })
    const contents = (mode: string) => rows(shop, `select * from main.${mode} order by id`)
    expect(await contents('fail')).toEqual(['1 | a | b'])
    expect(await contents('ignore')).toEqual(['1 | a | b', '2 | c | d'])
    expect(await contents('append_new_columns')).toEqual(['1 | a | b | ', '2 | c | d | e'])
    expect(await contents('sync_all_columns')).toEqual(['1 | a | b | ', '2 | c | d | e'])
    await shop.write(files(`select 3 as id, 'f' as field2`))
    expect(places(await shop.run())).toEqual([
      'incremental-schema-change models/fail.sql:1:73',
      'incremental-missing-column models/ignore.sql:1:73',
    ])
    await shop.run({ select: ['append_new_columns', 'sync_all_columns'] })
    expect(await contents('append_new_columns')).toEqual(['1 | a | b | ', '2 | c | d | e', '3 |  | f | '])
    expect(await contents('sync_all_columns')).toEqual(['1 | b', '2 | d', '3 | f'])
  })

  test('sync_all_columns gives a column its new type, and drops what is gone', async () => {
    const config = `unique_key='id', on_schema_change='sync_all_columns'`
    const shop = await project({ 'models/orders.sql': model(config, `select 1 as id, '10' as amount, 'x' as gone`) })
    await shop.run()
    await shop.write({ 'models/orders.sql': model(config, `select 2 as id, 20 as amount, 'new' as added`) })
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
    expect(await rows(shop, 'select id, amount + 1, added from main.orders order by id')).toEqual([
      '1 | 11 | ',
      '2 | 21 | new',
    ])
  })

  test('a wider type of the new rows widens the column', async () => {
    const shop = await project({
      'models/orders.sql': model(`unique_key='id'`, 'select 1 as id, cast(1 as integer) as amount'),
    })
    await shop.run()
    await shop.write({
      'models/orders.sql': model(`unique_key='id'`, 'select 2 as id, cast(5000000000 as bigint) as amount'),
    })
    await shop.run()
    expect(await rows(shop, 'select * from main.orders order by id')).toEqual(['1 | 1', '2 | 5000000000'])
  })

  test('merge updates all columns, only those listed, or all but those excluded', async () => {
    const merge = (more: string, query: string) => model(`unique_key='id', incremental_strategy='merge'${more}`, query)
    const files = (query: string) => ({
      'models/all_columns.sql': merge('', query),
      'models/listed.sql': merge(`, merge_update_columns=['msg']`, query),
      'models/excluded.sql': merge(`, merge_exclude_columns='color'`, query),
    })
    const shop = await project(
      files(`select 1 as id, 'hello' as msg, 'blue' as color union all select 2, 'goodbye', 'red'`),
    )
    await shop.run()
    await shop.write(files(`select 1 as id, 'hey' as msg, 'cyan' as color union all select 3, 'anyway', 'purple'`))
    await shop.run()
    const kept = ['1 | hey | blue', '2 | goodbye | red', '3 | anyway | purple']
    expect(await rows(shop, 'select * from main.all_columns order by id')).toEqual(['1 | hey | cyan', ...kept.slice(1)])
    expect(await rows(shop, 'select * from main.listed order by id')).toEqual(kept)
    expect(await rows(shop, 'select * from main.excluded order by id')).toEqual(kept)
    await shop.write({
      'models/listed.sql': merge(
        `, merge_update_columns=['msg'], merge_exclude_columns=['color']`,
        `select 1 as id, 'x' as msg, 'y' as color`,
      ),
    })
    expect(problems(await shop.run({ select: ['listed'] }))[0]).toMatch(
      /^incremental-merge-columns models\/listed.sql:1:\d+ The model sets both merge_update_columns and merge_exclude_columns.$/,
    )
  })

  test('full_refresh rebuilds, and the setting of the model beats the flag', async () => {
    const files = (n: number) => ({
      'models/usual.sql': model(`unique_key='id'`, `select ${n} as id`),
      'models/never.sql': model(`unique_key='id', full_refresh=false`, `select ${n} as id`),
      'models/always.sql': model(`unique_key='id', full_refresh=true`, `select ${n} as id`),
    })
    const shop = await project(files(1))
    await shop.run()
    await shop.write(files(2))
    await shop.run({ fullRefresh: true })
    expect(await rows(shop, 'select id from main.usual')).toEqual(['2'])
    expect(await rows(shop, 'select id from main.never order by id')).toEqual(['1', '2'])
    await shop.write(files(3))
    await shop.run()
    expect(await rows(shop, 'select id from main.usual order by id')).toEqual(['2', '3'])
    expect(await rows(shop, 'select id from main.always')).toEqual(['3'])
  })

  test('columns in quotes are merged under their own names', async () => {
    const query = (n: number, word: string) => `select ${n} as "Group Id", '${word}' as "select", '${word}' as plain`
    const files = (n: number, word: string) => ({
      'models/deleted.sql': model(`unique_key='"Group Id"'`, query(n, word)),
      'models/merged.sql': model(`unique_key='"Group Id"', incremental_strategy='merge'`, query(n, word)),
    })
    const shop = await project(files(1, 'a'))
    await shop.run()
    await shop.write(files(1, 'b'))
    await shop.run()
    expect(await rows(shop, 'select * from main.deleted')).toEqual(['1 | b | b'])
    expect(await rows(shop, 'select * from main.merged')).toEqual(['1 | b | b'])
  })
})
