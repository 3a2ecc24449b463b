import { expect, test } from 'vitest'
import { area } from './engines.ts'
import { problems, refusal, rows, statuses } from './look.ts'

const BASE = `name: shop\nversion: '1.0'\nprofile: shop\n`

const typesOf = (
  table: string,
  schema = 'main',
) => `select column_name, lower(data_type) from information_schema.columns
  where table_schema = '${schema}' and table_name = '${table}' order by ordinal_position`

area('seeds', ({ project }) => {
  test('a seed is loaded, and replaced by what its file holds now', async () => {
    const shop = await project({ 'seeds/customers.csv': 'id,name\n1,Ana\n2,"Bru, no"\n3,"Car""la"\n' })
    const outcome = await shop.run()
    expect(outcome.results.get('customers')).toMatchObject({ status: 'success', rows: 3 })
    expect(await rows(shop, 'select * from main.customers order by id')).toEqual([
      '1 | Ana',
      '2 | Bru, no',
      '3 | Car"la',
    ])
    await shop.write({ 'seeds/customers.csv': 'id,name,age\n4,Davi,7\n' })
    await shop.run()
    expect(await rows(shop, 'select * from main.customers')).toEqual(['4 | Davi | 7'])
  })

  test('full_refresh on or off makes no difference: a view that reads the seed goes on working', async () => {
    for (const fullRefresh of [true, false]) {
      const shop = await project({
        'project.yml': `${BASE}seeds:\n  +full_refresh: ${fullRefresh}\n`,
        'seeds/customers.csv': 'id\n1\n',
        'models/reader.sql': `select * from {{ ref('customers') }}`,
      })
      await shop.run()
      await shop.write({ 'seeds/customers.csv': 'id\n1\n2\n' })
      expect(statuses(await shop.run({ fullRefresh: !fullRefresh, select: ['customers'] }))).toEqual({
        customers: 'success',
      })
      expect(await rows(shop, 'select * from main.reader order by id')).toEqual(['1', '2'])
    }
  })

  test('a schema of its own, a folder that is disabled, one that is enabled, and an alias', async () => {
    const shop = await project({
      'project.yml': `${BASE}seeds:
  +schema: raw
  shop:
    off: { +enabled: false }
    off_but: { seed_on: { +enabled: true } }
`,
      'seeds/off/seed_off.csv': 'id\n1\n',
      'seeds/off_but/seed_on.csv': 'id\n1\n',
      'seeds/off_but/seed_named.csv': 'id\n2\n',
      'seeds/schema.yml': 'seeds: [{ name: seed_named, config: { alias: named, schema: null } }]\n',
    })
    expect(statuses(await shop.run())).toEqual({ seed_named: 'success', seed_on: 'success' })
    expect(await shop.relations()).toEqual(['main.named', 'main_raw.seed_on'])
  })

  test('what is wrong with a file is told in it, and nothing is loaded', async () => {
    const shop = await project({ 'seeds/good.csv': 'id\n1\n', 'seeds/bad.csv': 'a,b\n1,2\n3\n' })
    const outcome = await shop.run()
    expect(statuses(outcome)).toEqual({ bad: 'error', good: 'skipped' })
    expect(problems(outcome)).toEqual([
      'seed-ragged-row seeds/bad.csv:3:1 Row 2 of the seed has 1 field, but the header has 2.',
    ])
    expect(await shop.relations()).toEqual([])
  })

  test('numbers, dates, times, booleans and texts are told apart, null in the words of dbt', async () => {
    const shop = await project({
      'seeds/kinds.csv': [
        'whole,fraction,day,moment,truth,text,mixed,zeros,nothing',
        '1,1.5,2026-01-05,2026-01-05 10:00:00,true,a,1,001,',
        'null,2,2026-01-06,2026-01-06T11:30:00,False,b,x,002,null',
        ',,,,,NA,,,',
        '',
      ].join('\n'),
    })
    await shop.run()
    expect(await rows(shop, typesOf('kinds'))).toEqual([
      'whole | bigint',
      expect.stringMatching(/^fraction \| double/),
      'day | date',
      expect.stringMatching(/^moment \| timestamp/),
      'truth | boolean',
      expect.stringMatching(/^text \| (text|varchar)/),
      expect.stringMatching(/^mixed \| (text|varchar)/),
      'zeros | bigint',
      expect.stringMatching(/^nothing \| (text|varchar|bigint)/),
    ])
    const text = 'whole fraction day moment truth text mixed zeros nothing'
      .split(' ')
      .map((name) => `cast(${name} as varchar)`)
    expect(await rows(shop, `select ${text.join(', ')} from main.kinds order by day nulls last`)).toEqual([
      expect.stringMatching(/^1 \| 1.5 \| 2026-01-05 \| 2026-01-05 10:00:00 \| true \| a \| 1 \| 1 \| $/),
      expect.stringMatching(/^ \| 2(.0)? \| 2026-01-06 \| 2026-01-06 11:30:00 \| false \| b \| x \| 2 \| $/),
      ' |  |  |  |  | NA |  |  | ',
    ])
  })

  test('column_types override what a column looks like', async () => {
    const shop = await project({
      'project.yml': `${BASE}seeds:\n  shop:\n    codes:\n      +column_types: { code: varchar(5), amount: 'numeric(10, 2)' }\n`,
      'seeds/codes.csv': 'code,amount,note\n001,2.5,x\n',
    })
    await shop.run()
    expect(await rows(shop, 'select * from main.codes')).toEqual(['001 | 2.50 | x'])
    expect(await rows(shop, `${typesOf('codes').replace('order by', `and column_name = 'amount' order by`)}`)).toEqual([
      expect.stringMatching(/^amount \| (numeric|decimal)/),
    ])
    await shop.write({ 'seeds/codes.csv': 'code,amount,note\n001,much,x\n' })
    expect(problems(await shop.run())).toEqual([
      'seed-value seeds/codes.csv:2:5 The value "much" of column "amount" is not of type numeric(10, 2).',
    ])
  })

  test('a byte order mark and Windows line ends are no part of the data', async () => {
    const shop = await project({ 'seeds/marked.csv': '\uFEFFid,name\r\n1,Ação\r\n2,💰\r\n' })
    await shop.run()
    expect(await rows(shop, 'select id, name from main.marked order by id')).toEqual(['1 | Ação', '2 | 💰'])
  })

  test('a delimiter of its own, the wrong one, and none', async () => {
    const delimited = (delimiter: string) => `seeds: [{ name: lists, config: { delimiter: '${delimiter}' } }]\n`
    const shop = await project({ 'seeds/lists.csv': 'id|name\n1|"a|b"\n2|c,d\n', 'seeds/schema.yml': delimited('|') })
    await shop.run()
    expect(await rows(shop, 'select id, name from main.lists order by id')).toEqual(['1 | a|b', '2 | c,d'])
    await shop.write({ 'seeds/schema.yml': delimited(';') })
    await shop.run()
    expect(await rows(shop, typesOf('lists'))).toEqual([expect.stringMatching(/^id\|name \| (text|varchar)/)])
    await shop.write({ 'seeds/schema.yml': delimited('') })
    expect(await refusal(shop.run())).toEqual([
      `wrong-value seeds/schema.yml:1:45 "delimiter" must be one character that is no double quote and no line end, not "".`,
    ])
    await shop.write({
      'seeds/lists.csv': 'id\tname\n1\ta b\n',
      'seeds/schema.yml': delimited('\\t').replaceAll("'", '"'),
    })
    await shop.run()
    expect(await rows(shop, 'select id, name from main.lists')).toEqual(['1 | a b'])
  })

  test('an empty file is told, and a header alone is a table without rows', async () => {
    const shop = await project({ 'seeds/nothing.csv': '' })
    expect(problems(await shop.run())).toEqual([
      'seed-empty seeds/nothing.csv:1:1 The seed file "seeds/nothing.csv" is empty.',
    ])
    await shop.write({ 'seeds/nothing.csv': 'id,name\n' })
    expect(statuses(await shop.run())).toEqual({ nothing: 'success' })
    expect(await rows(shop, 'select count(*) from main.nothing')).toEqual(['0'])
  })

  test('names of columns keep their case only where they are quoted', async () => {
    const quoted = (is: boolean) => `seeds: [{ name: names, config: { quote_columns: ${is} } }]\n`
    const shop = await project({ 'seeds/names.csv': 'Id,Full Name\n1,Ana\n', 'seeds/schema.yml': quoted(true) })
    await shop.run()
    expect(await rows(shop, 'select "Id", "Full Name" from main.names')).toEqual(['1 | Ana'])
    await shop.write({ 'seeds/schema.yml': quoted(false) })
    await shop.run()
    expect(await rows(shop, 'select id, "Full Name" from main.names')).toEqual(['1 | Ana'])
  })

  test('a copy of a copy has every row, and a later copy the later rows', async () => {
    const shop = await project({
      'seeds/people.csv': 'id,first_name\n1,Jack\n2,Kathryn\n',
      'models/as_view.sql': `{{ config(materialized='view') }} select * from {{ ref('people') }}`,
      'models/as_table.sql': `{{ config(materialized='table') }} select * from {{ ref('as_view') }}`,
      'models/Mixed_Case.sql': `{{ config(materialized='table') }} select * from {{ ref('as_table') }}`,
      'models/grows.sql': `{{ config(materialized='incremental') }} select * from {{ ref('Mixed_Case') }}
{% if is_incremental() %}where id > (select max(id) from {{ this }}){% endif %}`,
    })
    await shop.run()
    await shop.write({ 'seeds/people.csv': 'id,first_name\n1,Jack\n2,Kathryn\n3,Gerald\n' })
    expect(new Set(Object.values(statuses(await shop.run())))).toEqual(new Set(['success']))
    for (const name of ['people', 'as_view', 'as_table', '"Mixed_Case"', 'grows']) {
      expect([name, await rows(shop, `select id, first_name from main.${name} order by id`)]).toEqual([
        name,
        ['1 | Jack', '2 | Kathryn', '3 | Gerald'],
      ])
    }
  })
})
