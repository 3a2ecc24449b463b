import { expect, test } from 'vitest'
import type { TemporaryProject } from '../temporary-project.ts'
import { area } from './engines.ts'
import { places, rows, statuses } from './look.ts'

const PROJECT = `name: shop\nversion: '1.0'\nprofile: shop\n`

/** The notes that hooks leave in a table of their own. */
const LOG = 'create table main.notes (what varchar, state varchar)'
const note = (at: string, more = '') => `insert into main.notes select '${at}', '{{ ${more || 'this.name'} }}'`

area('hooks', ({ engine, project }) => {
  const notes = async (shop: TemporaryProject) => [...(await rows(shop, 'select what, state from main.notes'))].sort()

  test('hooks of a model, before and after, in every way to write them', async () => {
    const ways: Readonly<Record<string, readonly [config: string, expected: readonly string[]]>> = {
      kwargs: [`pre_hook="${note('pre')}", post_hook="${note('post')}"`, ['post', 'pre']],
      keys: [`{'pre-hook': "${note('pre')}", 'post-hook': "${note('post')}"}`, ['post', 'pre']],
      lists: [`pre_hook=["${note('pre 1')}", "${note('pre 2')}"]`, ['pre 1', 'pre 2']],
      maps: [
        `post_hook=[{'sql': "${note('in')}", 'transaction': true}, {'sql': "${note('after')}", 'transaction': false}]`,
        ['after', 'in'],
      ],
      helpers: [
        `pre_hook=before_begin("${note('before')}"), post_hook=after_commit("${note('after')}")`,
        ['after', 'before'],
      ],
      transactional: [`post_hook=in_transaction("${note('in')}")`, ['in']],
      empty: [`pre_hook="", post_hook="{% if false %}select 1{% endif %}"`, []],
    }
    const models = Object.fromEntries(
      Object.entries(ways).map(([name, [config]]) => [`models/${name}.sql`, `{{ config(${config}) }} select 1 as id`]),
    )
    const shop = await project(models)
    await shop.change(`create schema if not exists main; ${LOG}`)
    expect(new Set(Object.values(statuses(await shop.run({ threads: 1 }))))).toEqual(new Set(['success']))
    const expected = Object.entries(ways).flatMap(([name, [, left]]) => left.map((at) => `${at} | ${name}`))
    expect(await notes(shop)).toEqual(expected.sort())
  })

  test('hooks of all layers are run one after the other, those of the file last', async () => {
    const shop = await project({
      'project.yml': `${PROJECT}models:
  shop:
    +materialized: table
    +pre-hook: "${note('project')}"
    +post-hook:
      - insert into main.notes select 'counted', cast(count(*) as varchar) from {{ this }}
    staging:
      +pre_hook: ["${note('folder')}", "${note('project')}"]
`,
      'models/staging/orders.sql': `{{ config(pre_hook="${note('file')}") }} select 1 as id union all select 2`,
      'models/schema.yml': `models: [{ name: orders, config: { pre_hook: ["${note('yaml')}"] } }]\n`,
    })
    await shop.change(`create schema if not exists main; ${LOG}`)
    await shop.run()
    expect(await rows(shop, 'select what, state from main.notes')).toEqual([
      'project | orders',
      'folder | orders',
      'project | orders',
      'yaml | orders',
      'file | orders',
      'counted | 2',
    ])
  })

  test('a hook refers to other nodes, and that is an edge of the graph', async () => {
    const shop = await project({
      'models/zz_prices.sql': 'select 1 as price',
      'models/orders.sql': `{{ config(post_hook="insert into main.notes select 'price', cast(price as varchar) from {{ ref('zz_prices') }}") }} select 1 as id`,
    })
    await shop.change(`create schema if not exists main; ${LOG}`)
    const outcome = await shop.run({ threads: 1 })
    expect([...outcome.results.keys()]).toEqual(['zz_prices', 'orders'])
    expect(await notes(shop)).toEqual(['price | 1'])
  })

  test('hooks of seeds and of snapshots', async () => {
    const shop = await project({
      'project.yml': `${PROJECT}seeds: { +post-hook: ["update {{ this }} set name = upper(name)", "${note('seed')}"] }
snapshots: { +pre-hook: "${note('snapshot before')}", +post-hook: "${note('snapshot after')}" }
`,
      'seeds/users.csv': 'id,name\n1,ana\n',
      'snapshots/history.sql': `{% snapshot history %}{{ config(unique_key='id', strategy='check', check_cols='all') }} select * from {{ ref('users') }}{% endsnapshot %}`,
    })
    await shop.change(`create schema if not exists main; ${LOG}`)
    await shop.run()
    expect(await rows(shop, 'select id, name from main.history')).toEqual(['1 | ANA'])
    expect(await notes(shop)).toEqual(['seed | users', 'snapshot after | history', 'snapshot before | history'])
  })

  test('post-hooks change the candidate before it is published, tested with what they did', async () => {
    const shop = await project({
      'models/as_table.sql': `{{ config(post_hook="delete from {{ this }} where id = 2") }} select 1 as id union all select 2`,
      'models/as_incremental.sql': `{{ config(materialized='incremental', post_hook="delete from {{ this }} where id = 2") }} select 1 as id union all select 2`,
      'models/reader.sql': `select * from {{ ref('as_table') }}`,
      'models/schema.yml': `models: [{ name: as_table, columns: [{ name: id, data_tests: [{ accepted_values: { arguments: { values: [1], quote: false } } }] }] }]\n`,
    })
    await shop.run()
    expect(await rows(shop, 'select * from main.as_table')).toEqual(['1'])
    expect(await rows(shop, 'select * from main.reader')).toEqual(['1'])
    expect(await rows(shop, 'select * from main.as_incremental')).toEqual(['1'])
  })

  test('a hook that fails publishes nothing, and is told where it stands', async () => {
    const shop = await project({
      'models/orders.sql': `{{ config(pre_hook="select nope from nowhere") }} select 1 as id`,
    })
    expect(places(await shop.run())).toEqual([expect.stringMatching(/^database models\/orders.sql:1:\d+$/)])
    await shop.write({ 'models/orders.sql': `{{ config(post_hook="select nope from nowhere") }} select 1 as id` })
    expect(statuses(await shop.run())).toEqual({ orders: 'error' })
    expect(await shop.relations()).toEqual([])
  })

  test('on-run-start and on-run-end run once around everything, in their order, and know of the run', async () => {
    const shop = await project({
      'project.yml': `${PROJECT}models: { +materialized: table }
on-run-start:
  - create table if not exists main.notes (what varchar, state varchar)
  - delete from main.notes
  - "{{ start_note() }}"
on-run-end:
  - "{% for result in results %}insert into main.notes values ('{{ result.node.name }}', '{{ result.status }}'); {% endfor %}"
  - "insert into main.notes values ('schemas', '{{ schemas | join(' ') }}')"
  - "insert into main.notes values ('target', '{{ target.name }} {{ target.type }} {{ target.schema }}')"
`,
      'macros/notes.sql': `{% macro start_note() %}insert into main.notes values ('start', '{{ project_name }}'){% endmacro %}`,
      'models/orders.sql': `-- the notes of the start are there\nselect count(*) as n from main.notes`,
      'models/lines.sql': `{{ config(schema='other') }} select 1 as id`,
    })
    const outcome = await shop.run({ threads: 1 })
    expect([...outcome.results.values()].map(({ status }) => status)).toEqual(Array(8).fill('success'))
    expect(await rows(shop, 'select n from main.orders')).toEqual(['1'])
    expect(await rows(shop, `select what, state from main.notes where what not like 'shop-on-run-start%'`)).toEqual([
      'start | shop',
      'lines | success',
      'orders | success',
      'schemas | main main_other',
      `target | dev ${engine.name} main`,
    ])
  })

  test('a failing on-run-start builds nothing, and on-run-end runs all the same', async () => {
    const shop = await project({
      'project.yml': `${PROJECT}models: { +materialized: table }
on-run-start: select nope from nowhere
on-run-end: "{% for result in results %}create table main.end_{{ result.status }}_{{ loop.index }} as select 1 as id; {% endfor %}"
`,
      'models/orders.sql': 'select 1 as id',
    })
    const outcome = await shop.run()
    expect(outcome.results.get('orders')?.status).toBe('skipped')
    expect((await shop.relations()).filter((name) => name.includes('orders'))).toEqual([])
    expect((await shop.relations()).some((name) => name.startsWith('main.end_skipped'))).toBe(true)
  })
})
