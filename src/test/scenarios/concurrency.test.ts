import { expect, test } from 'vitest'
import { area } from './engines.ts'
import { rows, statuses } from './look.ts'

area('concurrency', ({ project }) => {
  test('many models on several threads, some of which fail: nothing is published, and afterwards everything is', async () => {
    const fan = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [
        `models/part_${index}.sql`,
        `{{ config(materialized='${['table', 'view', 'incremental'][index % 3]}') }} select id + ${index} as id from {{ ref('people') }}`,
      ]),
    )
    const union = Array.from({ length: 12 }, (_, index) => `select id from {{ ref('part_${index}') }}`).join(
      ' union all ',
    )
    const shop = await project({
      'seeds/people.csv': 'id\n1\n2\n3\n',
      ...fan,
      'models/all_parts.sql': union,
      'models/broken.sql': `select nope from {{ ref('part_0') }}`,
      'models/below_broken.sql': `select * from {{ ref('broken') }}`,
    })
    const failed = await shop.run({ threads: 4 })
    expect(statuses(failed)).toMatchObject({
      all_parts: 'skipped',
      broken: 'error',
      below_broken: 'skipped',
      part_1: 'skipped',
    })
    expect(await shop.relations()).toEqual([])
    await shop.write({ 'models/broken.sql': `select id from {{ ref('part_0') }}` })
    for (const _ of [1, 2]) {
      expect(new Set(Object.values(statuses(await shop.run({ threads: 4, fullRefresh: true }))))).toEqual(
        new Set(['success']),
      )
      expect(await rows(shop, 'select count(*), sum(id) from main.all_parts')).toEqual(['36 | 270'])
    }
    await shop.write({ 'seeds/people.csv': 'id\n1\n' })
    await shop.run({ threads: 4, fullRefresh: true })
    expect(await rows(shop, 'select count(*), sum(id) from main.all_parts')).toEqual(['12 | 78'])
  })

  test('publish: passing keeps what passed, publish: each what was built', async () => {
    const files = {
      'models/good.sql': 'select 1 as id',
      'models/tested.sql': `select * from {{ ref('good') }}`,
      'models/below.sql': `select * from {{ ref('tested') }}`,
      'models/schema.yml':
        'models: [{ name: tested, columns: [{ name: id, data_tests: [{ accepted_values: { arguments: { values: [7], quote: false } } }] }] }]\n',
    }
    const passing = await project(files)
    await passing.run({ publish: 'passing' })
    expect(await passing.relations()).toEqual(['main.good'])
    const each = await project(files)
    await each.run({ publish: 'each' })
    expect(await each.relations()).toEqual(['main.good', 'main.tested'])
  })
})
