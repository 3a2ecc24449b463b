import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TEST_ENGINES } from '../test/engines.ts'
import { TemporaryProject } from '../test/temporary-project.ts'

const MODEL = `
select 1 as id, cast('Ana' as varchar) as customer, cast(1.5 as decimal(18, 2)) as amount, date '2020-02-03' as day,
  cast('2020-02-03 14:00:00' as timestamp) as sent_at, true as paid, cast(0.5 as double precision) as share
`

const panels = (...lines: readonly string[]) => `
exposures:
  - name: sales
    type: dashboard
    owner: { name: Ana }
    meta:
      panels:
${lines.map((line) => `        - { ${line} }`).join('\n')}
`

describe.each(TEST_ENGINES)('lavra check of dashboards on $name', (engine) => {
  test('takes every format, axis and filter that fits, over models, seeds and snapshots', async () => {
    const project = await TemporaryProject.make(
      {
        'models/orders.sql': MODEL,
        'seeds/prices.csv': 'channel,price\nsms,0.10\n',
        'snapshots/history.sql': `{% snapshot history %}{{ config(unique_key='id', strategy='check', check_cols=['amount'], target_schema='main') }}select * from {{ ref('orders') }}{% endsnapshot %}`,
        'models/dashboards.yml': panels(
          "name: all, type: table, model: ref('orders'), columns: [id, '*']",
          "name: formats, type: table, model: ref('orders'), columns: [{ name: id, format: integer }, { name: amount, format: money, currency: EUR }, { name: share, format: percent }, { name: day, format: date }, { name: sent_at, format: datetime }, { name: paid, format: text }]",
          "name: chart, type: line, model: ref('orders'), x: sent_at, y: [amount, share, id], series: customer, where: 'paid and amount > 0'",
          "name: filters, type: table, model: ref('orders'), filter: [{ column: id, required: true, shown_as: customer }, { column: customer, kind: search }, { column: day, kind: date_range }, { column: sent_at, kind: date_range }]",
          "name: prices, type: bar, model: ref('prices'), x: channel, y: price",
          "name: history, type: number, model: ref('history'), columns: [dbt_valid_from]",
        ),
      },
      engine,
    )
    expect((await project.lavra('check')).text).toMatch(/: no problems\n$/)
    await project.remove()
  })

  test('finds what does not fit at its place', async () => {
    const project = await TemporaryProject.make(
      {
        'models/orders.sql': MODEL,
        'models/dashboards.yml': panels(
          "name: column, type: table, model: ref('orders'), columns: [idd]",
          "name: money, type: table, model: ref('orders'), columns: [{ name: paid, format: money, currency: EUR }]",
          "name: date, type: table, model: ref('orders'), columns: [{ name: share, format: date }]",
          "name: chart, type: line, model: ref('orders'), x: day, y: [amount, paid]",
          "name: days, type: table, model: ref('orders'), filter: { column: share, kind: date_range }",
          "name: search, type: table, model: ref('orders'), filter: { column: day, kind: search }",
          "name: unknown, type: table, model: ref('orders'), where: amuont > 0",
          "name: type, type: table, model: ref('orders'), where: day + customer > 0",
          "name: two, type: table, model: ref('orders'), where: 'true) or (true'",
        ),
      },
      engine,
    )
    const found = await project.check()
    expect(found.map((each) => each.replace('models/dashboards.yml:', ''))).toEqual([
      'idd',
      'money',
      'date',
      'paid',
      'share',
      'day',
      'amuont',
      '+',
      "'true) or (true'",
    ])
    await project.remove()
  })

  test('leaves a dashboard alone that nobody selected, and one over what is broken', async () => {
    const files = {
      'models/orders.sql': MODEL,
      'models/dashboards.yml': panels("name: a, type: table, model: ref('orders'), columns: [idd]"),
    }
    const project = await TemporaryProject.make(files, engine)
    expect((await project.lavra('check', '--select', 'orders')).code).toBe(0)
    expect((await project.lavra('check', '--select', 'orders+')).code).toBe(1)
    await project.write({ 'models/orders.sql': 'select nothing' })
    expect((await project.check()).map((each) => each.split(':')[0])).toEqual(['models/orders.sql'])
    await project.remove()
  })
})

test('a dashboard depends on what its panels show, and stands in the manifest as dbt has it', async () => {
  const project = await TemporaryProject.make({
    'models/orders.sql': 'select 1 as id',
    'models/customers.sql': "select 1 as id from {{ ref('orders') }}",
    'models/dashboards.yml': `
exposures:
  - name: sales
    type: dashboard
    owner: { name: Ana }
    depends_on: [ref('customers')]
    config:
      meta:
        panels:
          - { name: orders, type: table, model: ref('orders') }
          - { name: more, type: table, model: ref('customers') }
`,
  })
  expect(await project.lavra('parse')).toMatchObject({ code: 0 })
  const manifest = JSON.parse(await readFile(join(project.root, 'target/manifest.json'), 'utf8'))
  const exposure = manifest.exposures['exposure.shop.sales']
  expect(exposure.depends_on).toEqual({ macros: [], nodes: ['model.shop.customers', 'model.shop.orders'] })
  expect(exposure.meta.panels.map(({ name }: { readonly name: string }) => name)).toEqual(['orders', 'more'])
  expect(Object.keys(exposure).sort()).toEqual(
    'config created_at depends_on description fqn label maturity meta metrics name original_file_path owner package_name path refs resource_type sources tags type unique_id unrendered_config url'.split(
      ' ',
    ),
  )
  await project.remove()
})
