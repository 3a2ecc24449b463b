import { expect, test } from 'vitest'
import type { TemporaryProject } from '../temporary-project.ts'
import { area } from './engines.ts'
import { rows, statuses } from './look.ts'

const project_ = (settings: string) => `name: shop
version: '1.0'
profile: shop
models: { +persist_docs: ${settings} }
seeds: { +persist_docs: ${settings} }
snapshots: { +persist_docs: ${settings} }
`

/** The comments in the database: of a relation, then of its columns. */
const COMMENTS = {
  duckdb: (table: string) => `select comment from (
    select 0 as place, comment from duckdb_tables() where table_name = '${table}' and schema_name = 'main'
    union all select 0, comment from duckdb_views() where view_name = '${table}' and schema_name = 'main'
    union all select column_index + 1, comment from duckdb_columns() where table_name = '${table}' and schema_name = 'main'
  ) order by place`,
  postgres: (table: string) => `select comment from (
    select 0 as place, obj_description('main.${table}'::regclass, 'pg_class') as comment
    union all select attnum, col_description(attrelid, attnum) from pg_attribute
      where attrelid = 'main.${table}'::regclass and attnum > 0 and not attisdropped
  ) as found order by place`,
}

const KINDS = ['table', 'view', 'incremental'] as const

area('persist_docs', ({ engine, project }) => {
  const comments = (shop: TemporaryProject, table: string) => rows(shop, COMMENTS[engine.name](table))
  const models = Object.fromEntries(
    KINDS.map((kind) => [
      `models/as_${kind}.sql`,
      `{{ config(materialized='${kind}') }} select 1 as id, 'a' as "Full Name"`,
    ]),
  )
  const described = (name: string) => `  - name: ${name}
    description: |
      It's a "${name}" with 'quotes', -- dashes and /* stars */
      {{ doc('more') }}
    columns:
      - { name: id, description: "the key; it's unique" }
      - { name: Full Name, quote: true, description: of a person }
      - { name: gone, description: of a column that is not there }
`
  const files = {
    ...models,
    'seeds/people.csv': 'id,Full Name\n1,Ana\n',
    'snapshots/history.sql': `{% snapshot history %}{{ config(unique_key='id', strategy='check', check_cols='all') }} select 1 as id, 'a' as "Full Name"{% endsnapshot %}`,
    'models/more.md': '{% docs more %}$1 $$ %s \\ and more{% enddocs %}',
    'models/schema.yml': `models:\n${KINDS.map((kind) => described(`as_${kind}`)).join('')}`,
    'seeds/schema.yml': `seeds:\n${described('people')}`,
    'snapshots/schema.yml': `snapshots:\n${described('history')}`,
  }
  const relation = (name: string) => `It's a "${name}" with 'quotes', -- dashes and /* stars */\n$1 $$ %s \\ and more`
  const NODES = ['as_table', 'as_view', 'as_incremental', 'people', 'history']

  test('descriptions of relations and columns are comments, at the first run and at later ones', async () => {
    const shop = await project({ ...files, 'project.yml': project_('{ relation: true, columns: true }') })
    for (const _ of [1, 2]) {
      expect(new Set(Object.values(statuses(await shop.run())))).toEqual(new Set(['success']))
      for (const name of NODES) {
        const [first, id, fullName, ...rest] = await comments(shop, name)
        expect([name, first?.trim(), id, fullName]).toEqual([
          name,
          relation(name),
          `the key; it's unique`,
          'of a person',
        ])
        expect(rest.filter((comment) => comment !== '')).toEqual([])
      }
    }
  })

  test('only what is asked for becomes a comment, and what changes is changed', async () => {
    const shop = await project({ ...files, 'project.yml': project_('{ relation: false, columns: true }') })
    await shop.run()
    expect(await comments(shop, 'as_table')).toEqual(['', `the key; it's unique`, 'of a person'])
    await shop.write({
      'project.yml': project_('{ relation: true }'),
      'models/schema.yml':
        'models: [{ name: as_table, description: new }, { name: as_incremental, description: newer }]\n',
    })
    await shop.run()
    expect(await comments(shop, 'as_table')).toEqual(['new', '', ''])
    expect((await comments(shop, 'as_incremental'))[0]).toBe('newer')
    await shop.write({ 'project.yml': project_('{}') })
    await shop.run()
    expect(await comments(shop, 'as_table')).toEqual(['', '', ''])
  })
})
