import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TemporaryProject } from '../temporary-project.ts'
import { area } from './engines.ts'
import { places, refusal, rows, statuses } from './look.ts'

/** A seed of users with the day of January on which each was last changed: `1 ana 5, 2 bruno 5`. */
const users = (text: string, header = 'id,name,updated_at') =>
  `${header}\n${text
    .split(', ')
    .map((row) => {
      const [id, name, day] = row.split(' ')
      return `${id},${name},2026-01-0${day} 00:00:00`
    })
    .join('\n')}\n`

const snapshot = (name: string, config: string, query = `select * from {{ ref('users') }}`) =>
  `{% snapshot ${name} %}\n{{ config(${config}) }}\n${query}\n{% endsnapshot %}\n`

const TIMESTAMP = `unique_key='id', strategy='timestamp', updated_at='updated_at'`
const CHECK = `unique_key='id', strategy='check', check_cols=['name']`

const day = (column: string) => `substr(cast(${column} as varchar), 10, 1)`

/** Every version: key, name, and whether it is the current one. */
const versions = (shop: TemporaryProject, table: string, order = 'id, dbt_valid_from') =>
  rows(
    shop,
    `select id, name, case when dbt_valid_to is null then 'current' else 'past' end from main.${table} order by ${order}, 3 desc`,
  )

area('snapshots', ({ project }) => {
  test('a snapshot by timestamp keeps what changed later, and its times', async () => {
    const shop = await project({
      'seeds/users.csv': users('1 ana 5, 2 bruno 5, 3 carla 5'),
      'snapshots/history.sql': snapshot('history', TIMESTAMP),
    })
    expect(statuses(await shop.run())).toEqual({ history: 'success', users: 'success' })
    await shop.run()
    await shop.write({ 'seeds/users.csv': users('1 anna 6, 2 bruno 4, 3 carla 5, 4 davi 1') })
    await shop.run()
    expect(
      await rows(
        shop,
        `select id, name, ${day('dbt_updated_at')}, ${day('dbt_valid_from')}, ${day('dbt_valid_to')} from main.history order by id, dbt_valid_from`,
      ),
    ).toEqual([
      '1 | ana | 5 | 5 | 6',
      '1 | anna | 6 | 6 | ',
      '2 | bruno | 5 | 5 | ',
      '3 | carla | 5 | 5 | ',
      '4 | davi | 1 | 1 | ',
    ])
    // dbt's id of a version: the key and the time of its change.
    expect(
      await rows(
        shop,
        `select count(*) from main.history
         where dbt_scd_id <> md5(cast(id as varchar) || '|' || cast(updated_at as varchar))`,
      ),
    ).toEqual(['0'])
    expect(await rows(shop, 'select count(distinct dbt_scd_id) from main.history')).toEqual(['5'])
  })

  test('a snapshot by check keeps what differs in its columns, in all of them, or when a new one is compared', async () => {
    const shop = await project({
      'seeds/users.csv': users('1 ana 5, 2 bruno 5'),
      'snapshots/all.sql':
        snapshot('by_name', CHECK) +
        snapshot('by_all', `unique_key='id', strategy='check', check_cols='all'`) +
        snapshot(
          'by_more',
          `unique_key='id', strategy='check', check_cols=var('compared', ['name'])`,
          `select *{{ var('more', '') }} from {{ ref('users') }}`,
        ),
    })
    await shop.run()
    await shop.write({ 'seeds/users.csv': users('1 ana 6, 2 bruna 5') })
    await shop.run()
    expect(await versions(shop, 'by_name')).toEqual(['1 | ana | current', '2 | bruno | past', '2 | bruna | current'])
    expect(await versions(shop, 'by_all')).toEqual([
      '1 | ana | past',
      '1 | ana | current',
      '2 | bruno | past',
      '2 | bruna | current',
    ])
    await shop.run({ vars: `{more: ", 'x' as extra", compared: [name, extra]}` })
    expect(await rows(shop, `select id, name, extra from main.by_more where dbt_valid_to is null order by id`)).toEqual(
      ['1 | ana | x', '2 | bruna | x'],
    )
    expect(await rows(shop, 'select count(*) from main.by_more')).toEqual(['5'])
  })

  test('the columns that a snapshot adds may have other names, from the project or from the snapshot', async () => {
    const shop = await project({
      'project.yml': `name: shop
version: '1.0'
profile: shop
snapshots:
  shop:
    +snapshot_meta_column_names: { dbt_valid_to: test_valid_to, dbt_valid_from: test_valid_from, dbt_scd_id: test_scd_id, dbt_updated_at: test_updated_at }
`,
      'seeds/users.csv': users('1 ana 5'),
      'snapshots/all.sql':
        snapshot('from_project', TIMESTAMP) +
        snapshot(
          'from_file',
          `${TIMESTAMP}, snapshot_meta_column_names={'dbt_valid_to': 'ends', 'dbt_scd_id': 'version'}`,
        ),
    })
    await shop.run()
    await shop.write({ 'seeds/users.csv': users('1 anna 6') })
    await shop.run()
    const columns = (table: string) =>
      rows(
        shop,
        `select column_name from information_schema.columns where table_name = '${table}' and table_schema = 'main' order by ordinal_position`,
      )
    expect(await columns('from_project')).toEqual([
      'id',
      'name',
      'updated_at',
      'test_scd_id',
      'test_updated_at',
      'test_valid_from',
      'test_valid_to',
    ])
    expect(await columns('from_file')).toEqual([
      'id',
      'name',
      'updated_at',
      'version',
      'dbt_updated_at',
      'dbt_valid_from',
      'ends',
    ])
    expect(await rows(shop, `select name from main.from_project where test_valid_to is null`)).toEqual(['anna'])
    expect(await rows(shop, `select name from main.from_file where ends is null`)).toEqual(['anna'])
    await shop.write({ 'snapshots/all.sql': snapshot('from_file', TIMESTAMP) })
    expect(places(await shop.run())).toEqual(['snapshot-columns project.yml:6:34'])
  })

  test('dbt_valid_to_current stands for the end of what is current', async () => {
    const shop = await project({
      'seeds/users.csv': users('1 ana 5, 2 bruno 5'),
      'snapshots/history.sql': snapshot(
        'history',
        `${TIMESTAMP}, dbt_valid_to_current="cast('2099-12-31' as timestamp)"`,
      ),
    })
    await shop.run()
    await shop.write({ 'seeds/users.csv': users('1 anna 6, 2 bruno 5') })
    await shop.run()
    expect(
      await rows(
        shop,
        `select id, name, substr(cast(dbt_valid_to as varchar), 1, 10) from main.history order by id, dbt_valid_from`,
      ),
    ).toEqual(['1 | ana | 2026-01-06', '1 | anna | 2099-12-31', '2 | bruno | 2099-12-31'])
  })

  test('a key may be several columns, or an expression', async () => {
    const shop = await project({
      'seeds/users.csv': users('1 ana 5, 1 bruno 5'),
      'snapshots/all.sql':
        snapshot('by_two', TIMESTAMP.replace(`'id'`, `['id', 'name']`)) +
        snapshot('by_expression', TIMESTAMP.replace(`'id'`, `"cast(id as varchar) || '-' || name"`)),
    })
    await shop.run()
    await shop.write({ 'seeds/users.csv': users('1 ana 6, 1 bruno 5') })
    await shop.run()
    for (const name of ['by_two', 'by_expression']) {
      expect([name, await versions(shop, name, 'name, dbt_valid_from')]).toEqual([
        name,
        ['1 | ana | past', '1 | ana | current', '1 | bruno | current'],
      ])
    }
    await shop.write({ 'snapshots/all.sql': snapshot('by_two', TIMESTAMP) })
    expect(places(await shop.run())).toEqual(['snapshot-duplicate-key snapshots/all.sql:2:22'])
  })

  test('a new column of the source is added, by timestamp, by check and with deletes; one that is gone stays', async () => {
    const all = (query: string) =>
      snapshot('by_timestamp', TIMESTAMP, query) +
      snapshot('by_check', CHECK, query) +
      snapshot('with_deletes', `${TIMESTAMP}, hard_deletes='new_record'`, query)
    const query = `select * from {{ ref('users') }}`
    const shop = await project({ 'seeds/users.csv': users('1 ana 5, 2 bruno 5'), 'snapshots/all.sql': all(query) })
    await shop.run()
    await shop.write({
      'seeds/users.csv': 'id,name,updated_at,city\n1,anna,2026-01-06 00:00:00,Rio\n',
    })
    expect(new Set(Object.values(statuses(await shop.run())))).toEqual(new Set(['success']))
    const cities = (table: string) =>
      rows(shop, `select id, name, city from main.${table} order by id, dbt_valid_from, dbt_scd_id`)
    expect(await cities('by_timestamp')).toEqual(['1 | ana | ', '1 | anna | Rio', '2 | bruno | '])
    expect(await cities('by_check')).toEqual(['1 | ana | ', '1 | anna | Rio', '2 | bruno | '])
    expect(
      await rows(shop, `select id, name, city, dbt_is_deleted from main.with_deletes order by id, dbt_valid_from`),
    ).toEqual(['1 | ana |  | False', '1 | anna | Rio | False', '2 | bruno |  | False', '2 | bruno |  | True'])
    await shop.write({ 'seeds/users.csv': users('1 anna 7') })
    await shop.run()
    expect(await cities('by_timestamp')).toEqual(['1 | ana | ', '1 | anna | Rio', '1 | anna | ', '2 | bruno | '])
  })

  test('rows that are gone are ignored, ended, or recorded as deleted; and may come back', async () => {
    const shop = await project({
      'seeds/users.csv': users('1 ana 5, 2 bruno 5'),
      'models/inlined.sql': `{{ config(materialized='ephemeral') }} select * from {{ ref('users') }}`,
      'snapshots/all.sql':
        snapshot('ignoring', TIMESTAMP) +
        snapshot('invalidating', `${TIMESTAMP}, hard_deletes='invalidate'`) +
        snapshot('old_name', `${TIMESTAMP}, invalidate_hard_deletes=true`) +
        snapshot('over_ephemeral', `${CHECK}, hard_deletes='invalidate'`, `select * from {{ ref('inlined') }}`) +
        snapshot('recording', `${TIMESTAMP}, hard_deletes='new_record'`),
    })
    await shop.run()
    await shop.write({ 'seeds/users.csv': users('1 ana 5') })
    await shop.run()
    await shop.run()
    expect(await versions(shop, 'ignoring')).toEqual(['1 | ana | current', '2 | bruno | current'])
    for (const name of ['invalidating', 'old_name', 'over_ephemeral']) {
      expect([name, await versions(shop, name)]).toEqual([name, ['1 | ana | current', '2 | bruno | past']])
    }
    const marks = () =>
      rows(
        shop,
        `select id, dbt_is_deleted, case when dbt_valid_to is null then 'current' else 'past' end from main.recording order by id, dbt_valid_from`,
      )
    expect(await marks()).toEqual(['1 | False | current', '2 | False | past', '2 | True | current'])
    await shop.write({ 'seeds/users.csv': users('1 ana 5, 2 bruno 7') })
    await shop.run()
    expect(await versions(shop, 'invalidating')).toContain('2 | bruno | current')
    expect(await rows(shop, `select dbt_is_deleted from main.recording where id = 2 and dbt_valid_to is null`)).toEqual(
      ['False'],
    )
  })

  test('a snapshot in YAML, with a schema of its own, and one that a model reads', async () => {
    const shop = await project({
      'seeds/users.csv': users('1 ana 5'),
      'snapshots/schema.yml': `snapshots:
  - name: history
    relation: ref('users')
    config: { strategy: timestamp, unique_key: id, updated_at: updated_at, schema: kept }
    columns: [{ name: id, data_tests: [not_null] }]
`,
      'models/current.sql': `select * from {{ ref('history') }} where dbt_valid_to is null`,
    })
    expect(statuses(await shop.run())).toEqual({
      current: 'success',
      history: 'success',
      not_null_history_id: 'pass',
      users: 'success',
    })
    expect(await shop.relations()).toEqual(['main.current', 'main.users', 'main_kept.history'])
  })

  test('settings that do not make a snapshot are refused', async () => {
    const shop = await project({
      'seeds/users.csv': users('1 ana 5'),
      'snapshots/keyless.sql': snapshot('keyless', `strategy='check', check_cols='all'`),
      'snapshots/timeless.sql': snapshot('timeless', `unique_key='id', strategy='timestamp'`),
    })
    expect(await refusal(shop.run())).toEqual([
      'snapshot-config snapshots/keyless.sql:2:20 The snapshot "keyless" needs the config "unique_key".',
      'snapshot-config snapshots/timeless.sql:2:37 The snapshot "timeless" needs the config "updated_at".',
    ])
  })

  test('snapshots of one file are compiled into files of their own, beside the tests that stand there', async () => {
    const shop = await project({
      'seeds/users.csv': users('1 ana 5'),
      'snapshots/both.sql': snapshot('both', TIMESTAMP) + snapshot('other', CHECK),
      'models/schema.yml': `snapshots:
  - { name: described, relation: ref('users'), config: { unique_key: id, strategy: timestamp, updated_at: updated_at } }
seeds:
  - { name: users, columns: [{ name: id, data_tests: [not_null] }] }
`,
    })
    expect((await shop.lavra('compile')).text).not.toContain('error')
    expect((await shop.lavra('build')).code).toBe(0)
    expect(
      (await readdir(join(shop.root, 'target/compiled'), { recursive: true }))
        .filter((path) => /\.sql\/|yml\//.test(path))
        .sort(),
    ).toEqual([
      'shop/models/schema.yml/described.sql',
      'shop/models/schema.yml/not_null_users_id.sql',
      'shop/snapshots/both.sql/both.sql',
      'shop/snapshots/both.sql/other.sql',
    ])
  })
})
