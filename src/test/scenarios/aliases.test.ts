import { expect, test } from 'vitest'
import { area } from './engines.ts'
import { refusal, rows, statuses } from './look.ts'

area('aliases', ({ project }) => {
  test('an alias names the relation, and refs go by the name of the node', async () => {
    const shop = await project({
      'project.yml': `name: shop
version: '1.0'
profile: shop
models:
  +materialized: table
  shop:
    from_project: { +alias: named_by_project }
`,
      'seeds/raw.csv': 'id\n1\n',
      'seeds/schema.yml': 'seeds: [{ name: raw, config: { alias: raw_rows } }]\n',
      'models/from_project.sql': `select '{{ this.name }}' as name, id from {{ ref('raw') }}`,
      'models/in_file.sql': `{{ config(alias='named_in_file') }} select '{{ this.identifier }}' as name`,
      'models/inlined.sql': `{{ config(materialized='ephemeral', alias='named_inline') }} select 'inline' as name`,
      'models/all_names.sql': `{{ config(alias='All Names') }}
select name from {{ ref('from_project') }} union all select name from {{ ref('in_file') }}
union all select name from {{ ref('inlined') }}`,
      'models/schema.yml': `models: [{ name: in_file, columns: [{ name: name, data_tests: [unique] }] }]\n`,
    })
    expect(statuses(await shop.run())).toEqual({
      all_names: 'success',
      from_project: 'success',
      in_file: 'success',
      raw: 'success',
      unique_in_file_name: 'pass',
    })
    expect(await shop.relations()).toEqual([
      'main.All Names',
      'main.named_by_project',
      'main.named_in_file',
      'main.raw_rows',
    ])
    expect(await rows(shop, 'select name from main."All Names" order by name')).toEqual([
      'inline',
      'named_by_project',
      'named_in_file',
    ])
  })

  test('two nodes on one relation are refused, and the same alias in two schemas is not', async () => {
    const alias = (schema: string) =>
      `{{ config(alias='orders', schema='${schema}') }} select '{{ this.schema }}' as place`
    const shop = await project({ 'models/one.sql': alias('a'), 'models/two.sql': alias('a') })
    const told = await refusal(shop.run())
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(/^relation-duplicate models\/(one|two).sql:1:/)
    await shop.write({
      'models/two.sql': alias('b'),
      'models/both.sql': `select * from {{ ref('one') }} union all select * from {{ ref('two') }}`,
    })
    expect(statuses(await shop.run())).toEqual({ both: 'success', one: 'success', two: 'success' })
    expect(await rows(shop, 'select place from main.both order by place')).toEqual(['main_a', 'main_b'])
  })

  test('macros of the project decide about aliases and schemas', async () => {
    const shop = await project({
      'macros/names.sql': `{% macro generate_alias_name(custom_alias_name=none, node=none) %}t_{{ custom_alias_name or node.name }}{% endmacro %}
{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name or target.schema }}{% endmacro %}`,
      'models/orders.sql': `{{ config(schema='gold') }} select 1 as id`,
      'models/lines.sql': `{{ config(alias='order_lines') }} select * from {{ ref('orders') }}`,
    })
    await shop.run()
    expect(await shop.relations()).toEqual(['gold.t_orders', 'main.t_order_lines'])
  })
})
