import { expect, test } from 'vitest'
import { area } from './engines.ts'
import { problems, rows, statuses } from './look.ts'

area('relations', ({ project }) => {
  test('a model changes its kind in every direction, under the view of another, with its rows right', async () => {
    const kinds = ['view', 'table', 'incremental'] as const
    const pairs = kinds.flatMap((from) => kinds.filter((to) => to !== from).map((to) => ({ from, to })))
    const files = (which: 'from' | 'to') =>
      Object.fromEntries([
        ...pairs.map((pair) => [
          `models/${pair.from}_to_${pair.to}.sql`,
          `{{ config(materialized='${pair[which]}') }} select '${pair[which]}' as kind`,
        ]),
        ...pairs.map(({ from, to }) => [
          `models/reads_${from}_to_${to}.sql`,
          `{{ config(materialized='view') }} select * from {{ ref('${from}_to_${to}') }}`,
        ]),
      ])
    const shop = await project(files('from'))
    await shop.run()
    await shop.write(files('to'))
    const outcome = await shop.run({ fullRefresh: true })
    expect([new Set(Object.values(statuses(outcome))), problems(outcome)]).toEqual([new Set(['success']), []])
    const type = (name: string) =>
      rows(
        shop,
        `select table_type from information_schema.tables where table_schema = 'main' and table_name = '${name}'`,
      )
    for (const { from, to } of pairs) {
      const name = `${from}_to_${to}`
      expect([name, await type(name), await rows(shop, `select kind from main.reads_${name}`)]).toEqual([
        name,
        [to === 'view' ? 'VIEW' : 'BASE TABLE'],
        [to],
      ])
    }
  })

  test('a table of an incremental model that became a view becomes a table again without a flag', async () => {
    const model = (kind: string) => ({
      'models/orders.sql': `{{ config(materialized='${kind}') }} select '${kind}' as kind`,
    })
    const shop = await project(model('view'))
    await shop.run()
    await shop.write(model('incremental'))
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
    expect(await rows(shop, 'select * from main.orders')).toEqual(['incremental'])
    await shop.run()
    expect(await rows(shop, 'select * from main.orders')).toEqual(['incremental', 'incremental'])
  })

  test('templates drop a schema by its name', async () => {
    const shop = await project({
      'project.yml': `name: shop
version: '1.0'
profile: shop
models: { +materialized: table }
on-run-start:
  - "create schema old_stuff"
  - "{{ drop_old(target.database) }}"
`,
      'macros/drop.sql': `{% macro drop_old(database) %}
{% do adapter.drop_schema(api.Relation.create(database=database, schema='old_stuff')) %}
{% do adapter.drop_schema(api.Relation.create(database=database, schema='never_there')) %}
{% endmacro %}`,
      'models/orders.sql': `select {{ "1" if adapter.check_schema_exists(target.database, 'old_stuff') else "0" }} as has_schema`,
    })
    const outcome = await shop.run()
    expect([problems(outcome), outcome.results.get('orders')?.status]).toEqual([[], 'success'])
    expect(await rows(shop, 'select has_schema from main.orders')).toEqual(['0'])
  })

  test('types of columns come out as they went in', async () => {
    const columns = {
      small: 'smallint',
      whole: 'integer',
      big: 'bigint',
      exact: 'numeric(12, 3)',
      half: 'real',
      whole_double: 'double precision',
      truth: 'boolean',
      text: 'varchar',
      day: 'date',
      moment: 'timestamp',
      instant: 'timestamp with time zone',
    }
    const list = Object.entries(columns).map(([name, type]) => `cast(null as ${type}) as ${name}`)
    const shop = await project({
      'models/typed.sql': `select ${list.join(', ')}`,
      'models/kinds.sql': `-- depends_on: {{ ref('typed') }}
{% for column in adapter.get_columns_in_relation(ref('typed')) %}
select '{{ column.name }}' as name,
  {{ column.is_integer() | lower }} as is_integer, {{ column.is_float() | lower }} as is_float,
  {{ column.is_numeric() | lower }} as is_numeric, {{ column.is_string() | lower }} as is_string,
  {{ column.is_number() | lower }} as is_number
{% if not loop.last %}union all{% endif %}
{% else %}select 'nothing' as name, false as is_integer, false as is_float, false as is_numeric, false as is_string, false as is_number
{% endfor %}`,
    })
    await shop.run()
    const kind = `case when is_integer then 'integer' when is_float then 'float' when is_numeric then 'numeric' when is_string then 'string' else '-' end`
    expect(await rows(shop, `select name, ${kind}, is_number from main.kinds`)).toEqual([
      'small | integer | true',
      'whole | integer | true',
      'big | integer | true',
      'exact | numeric | true',
      'half | float | true',
      'whole_double | float | true',
      'truth | - | false',
      'text | string | false',
      'day | - | false',
      'moment | - | false',
      'instant | - | false',
    ])
  })

  test('names keep their case where they are quoted, and are found in whatever case', async () => {
    const shop = await project({
      'models/UPPER_NAME.sql': `{{ config(materialized='incremental') }} select 1 as id`,
      'models/lower_name.sql': `{{ config(materialized='incremental') }} select 1 as id`,
      'models/Quoted Name.sql': 'select 1 as id',
      'models/reader.sql': `select 1 as n from {{ ref('UPPER_NAME') }} union all select 2 from {{ ref('lower_name') }} union all select 3 from {{ ref('Quoted Name') }}`,
      'models/found.sql': `-- depends_on: {{ ref('UPPER_NAME') }}
select '{{ adapter.get_relation(target.database, target.schema, "UPPER_NAME").identifier }}' as name`,
    })
    for (const count of ['1', '2']) {
      expect(new Set(Object.values(statuses(await shop.run())))).toEqual(new Set(['success']))
      expect(await rows(shop, 'select count(*) from main."UPPER_NAME"')).toEqual([count])
      expect(await rows(shop, 'select count(*) from main.lower_name')).toEqual([count])
    }
    expect(await rows(shop, 'select name from main.found')).toEqual(['UPPER_NAME'])
    expect([...(await shop.relations())].sort()).toEqual([
      'main.Quoted Name',
      'main.UPPER_NAME',
      'main.found',
      'main.lower_name',
      'main.reader',
    ])
  })
})
