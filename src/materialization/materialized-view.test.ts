import { afterEach, expect, test } from 'vitest'
import { postgresEngine } from '../test/engines.ts'
import { type Outcome, TemporaryProject } from '../test/temporary-project.ts'

/** Materialized views on a server: when they are filled anew, when they are made again, and what stays with them. */

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

const config = (settings: string, sql: string) => `{{ config(${settings}) }}\n${sql}`
const view = (sql: string, settings = '') => config(`materialized='materialized_view'${settings}`, sql)
const make = async (files: Readonly<Record<string, string>>, setUp = '') => {
  project = await TemporaryProject.make(files, postgresEngine)
  if (setUp !== '') await project.change(setUp)
}
const build = (day = 1, more: Record<string, unknown> = {}) => project!.run({ vars: `{day: ${day}}`, ...more })
const query = (sql: string) => project!.query(sql)
const oidOf = async (name: string) => (await query(`select '${name}'::regclass::oid::text`))[0]![0]
const kinds = () => query('select identifier, kind, row_count from _lavra.relations order by 1')

/** Columns, uniqueness and kind of each index of a relation. */
const indexes = (name: string) =>
  query(`select pg_get_indexdef(x.oid) ~ 'UNIQUE', regexp_replace(pg_get_indexdef(x.oid), '.* USING ', '')
    from pg_index as i join pg_class as x on x.oid = i.indexrelid where i.indrelid = '${name}'::regclass order by 2`)

/** Statuses that are not good, and what was said, each once. */
function told({ results, events }: Outcome): readonly string[] {
  const bad = [...results].filter(([, { status }]) => status !== 'success')
  const diagnostics = [
    ...events.flatMap((event) => (event.kind === 'diagnostic' ? [event.diagnostic] : [])),
    ...[...results.values()].flatMap((result) => result.diagnostics),
  ]
  return [
    ...bad.map(([name, { status, message }]) => `${name} ${status} ${message ?? ''}`.trim()),
    ...new Set(diagnostics.map(({ code, message }) => `${code}: ${message}`)),
  ]
}

const SALES = 'create schema if not exists main; create table main.raw_sales as select 1 as day, 10 as amount'
const SOURCE = { 'models/sources.yml': 'sources: [{name: raw, schema: main, tables: [{name: raw_sales}]}]' }
const TOTALS = `select day, sum(amount) as amount from {{ source('raw', 'raw_sales') }} group by day`

test('an unchanged one is filled anew in the publishing transaction and keeps what hangs on it', async () => {
  await make(
    { ...SOURCE, 'models/totals.sql': view(TOTALS, `, indexes=[{'columns': ['day'], 'unique': true}]`) },
    SALES,
  )
  expect(told(await build())).toEqual([])
  expect(await query('select * from totals')).toEqual([[1, 10]])
  expect(await kinds()).toEqual([['totals', 'materialized_view', 1]])
  await project!.change(`insert into raw_sales values (2, 5); create view main.reads as select * from totals;
    create index by_hand on totals (amount); grant select on totals to public`)
  const before = await oidOf('totals')
  expect(told(await build())).toEqual([])
  expect([await oidOf('totals'), await query('select * from reads order by 1')]).toEqual([
    before,
    [
      [1, 10],
      [2, 5],
    ],
  ])
  expect(await kinds()).toEqual([['totals', 'materialized_view', 2]])
  expect(await indexes('totals')).toEqual([
    [false, 'btree (amount)'],
    [true, 'btree (day)'],
  ])
  expect((await project!.relations()).filter((name) => name.includes('__lavra'))).toEqual([])
})

test('one that reads what was swapped is made again with its rows, its indexes and those of others, and its privileges', async () => {
  await make({
    'models/orders.sql': `select {{ var('day') }} as day`,
    'models/totals.sql': view(
      `select day, count(*) as orders from {{ ref('orders') }} group by day`,
      `, indexes=[{'columns': ['day'], 'type': 'hash'}]`,
    ),
    'models/report.sql': config(`materialized='view'`, `select day + 10 as day from {{ ref('totals') }}`),
    'models/last.sql': `select max(day) as day from {{ ref('report') }}`,
  })
  expect(told(await build(1))).toEqual([])
  await project!.change(
    'create index by_hand on totals (orders); grant select on totals to public; create view main.others as select * from totals',
  )
  expect(told(await build(2))).toEqual([])
  expect(
    await query(
      'select (select day from totals), (select day from report), (select day from last), (select day from others)',
    ),
  ).toEqual([[2, 12, 12, 2]])
  expect(await indexes('totals')).toEqual([
    [false, 'btree (orders)'],
    [false, 'hash (day)'],
  ])
  expect(await query(`select relacl::text ~ '=r' from pg_class where relname = 'totals'`)).toEqual([[true]])
})

test('one that is not selected is filled again with what it reads, and is not called old', async () => {
  await make({
    'models/orders.sql': `select {{ var('day') }} as day`,
    'models/totals.sql': view(`select day from {{ ref('orders') }}`, `, indexes=[{'columns': ['day']}]`),
    'models/copied.sql': `select day from {{ ref('totals') }}`,
  })
  await build(1)
  const { events } = await build(2, { select: ['orders'] })
  expect(events.find(({ kind }) => kind === 'published')).toMatchObject({ staleDownstream: ['copied'] })
  expect(await query('select * from totals')).toEqual([[2]])
  expect(await indexes('totals')).toEqual([[false, 'btree (day)']])
})

test('a changed query and a full refresh make it again, with views of others on it', async () => {
  await make({ ...SOURCE, 'models/totals.sql': view(TOTALS) }, SALES)
  await build()
  await project!.change('create view main.reads as select day from totals')
  const first = await oidOf('totals')
  await project!.write({ 'models/totals.sql': view(`select 7 as amount, 8 as day`) })
  expect(told(await build())).toEqual([])
  const second = await oidOf('totals')
  expect(second).not.toBe(first)
  expect(await query('select * from reads')).toEqual([[8]])
  expect(told(await build())).toEqual([])
  expect(await oidOf('totals')).toBe(second)
  expect(told(await build(1, { fullRefresh: true }))).toEqual([])
  expect(await oidOf('totals')).not.toBe(second)
  await project!.write({ 'models/totals.sql': view(`select 7 as amount`) })
  expect(told(await build())).toEqual([
    'totals error built, not published: the publication failed',
    'view-broken: The view "main.reads" would no longer work: column "day" does not exist',
  ])
  expect(await query('select * from reads')).toEqual([[8]])
})

const indexed = (settings: string) => ({ 'models/totals.sql': view(TOTALS, `, ${settings}`) })

test('on_configuration_change: apply changes the indexes and leaves the view and what others made', async () => {
  await make(
    { ...SOURCE, ...indexed(`indexes=[{'columns': ['day']}, {'columns': ['lower(day::text)', 'amount desc']}]`) },
    SALES,
  )
  await build()
  await project!.change('create index by_hand on totals (amount); insert into raw_sales values (2, 5)')
  const before = await oidOf('totals')
  await project!.write(
    indexed(`indexes=[{'columns': ['day'], 'unique': true}, {'columns': ['lower(day::text)', 'amount desc']}]`),
  )
  expect(told(await build())).toEqual([])
  expect(await oidOf('totals')).toBe(before)
  expect(await query('select day from totals order by 1')).toEqual([[1], [2]])
  expect(await indexes('totals')).toEqual([
    [false, 'btree (amount)'],
    [true, 'btree (day)'],
    [false, 'btree (lower((day)::text), amount DESC)'],
  ])
})

test('on_configuration_change: continue leaves the indexes, also where the view has to be made again', async () => {
  await make({ ...SOURCE, ...indexed(`on_configuration_change='continue', indexes=[{'columns': ['day']}]`) }, SALES)
  await build()
  await project!.write(indexed(`on_configuration_change='continue', indexes=[{'columns': ['amount']}]`))
  await project!.change('insert into raw_sales values (2, 5)')
  const outcome = await build()
  expect(told(outcome)).toEqual([
    expect.stringMatching(
      /^configuration-changed: The indexes of "totals" are left as they are, although the config changed \(new: on "amount"; gone: totals_lavra_\w+_idx\)\.$/,
    ),
  ])
  expect(outcome.events.find(({ kind }) => kind === 'diagnostic')).toMatchObject({
    diagnostic: { severity: 'warning' },
  })
  expect([await indexes('totals'), await query('select count(*)::int from totals')]).toEqual([
    [[false, 'btree (day)']],
    [[2]],
  ])
})

test('on_configuration_change: fail stops before anything is published, and lets a changed query through', async () => {
  await make({ ...SOURCE, ...indexed(`indexes=[{'columns': ['day']}]`) }, SALES)
  await build()
  const failing = `on_configuration_change='fail', indexes=[{'columns': ['amount']}]`
  await project!.write(indexed(failing))
  const { results, execution } = await build()
  expect(execution.summary.published).toBe(0)
  expect(results.get('totals')?.diagnostics).toMatchObject([
    {
      code: 'configuration-changed',
      message: expect.stringMatching(
        /^The indexes of "totals" are not those of its materialized view \(new: on "amount"; gone: totals_lavra/,
      ),
      place: {
        file: { path: 'models/totals.sql' },
        start: `{{ config(materialized='materialized_view', on_configuration_change='fail', indexes=`.length,
      },
    },
  ])
  expect(await indexes('totals')).toEqual([[false, 'btree (day)']])
  await project!.write({ 'models/totals.sql': view('select 1 as amount', `, ${failing}`) })
  expect(told(await build())).toEqual([])
  expect(await indexes('totals')).toEqual([[false, 'btree (amount)']])
})

test('a relation becomes a materialized view, a view, a table and each of them again, with a view of others on it', async () => {
  const models = {
    table: (day: number) => `select ${day} as day`,
    view: (day: number) => config(`materialized='view'`, `select ${day} as day`),
    materialized_view: (day: number) => view(`select ${day} as day`),
  }
  const order = ['table', 'materialized_view', 'view', 'materialized_view', 'table', 'view', 'table'] as const
  await make({ 'models/days.sql': models.table(0) })
  await build()
  await project!.change('create view main.reads as select * from days; grant select on days to public')
  for (const [at, kind] of order.entries()) {
    await project!.write({ 'models/days.sql': models[kind](at + 1) })
    expect([kind, told(await build())]).toEqual([kind, []])
    expect([await query('select * from reads'), (await kinds())[0]!.slice(0, 2)]).toEqual([[[at + 1]], ['days', kind]])
    expect(await query(`select relacl::text ~ '=r' from pg_class where relname = 'days'`)).toEqual([[true]])
  }
})

test('a version comes back from its definition, with its indexes and what reads it', async () => {
  await make({ ...SOURCE, ...indexed(`versions=2, indexes=[{'columns': ['day']}]`) }, SALES)
  await build()
  await project!.change('create view main.reads as select day from totals; grant select on totals to public')
  await project!.write({ 'models/totals.sql': config(`versions=2`, 'select 9 as day') })
  await build()
  expect([await query('select * from reads'), (await kinds())[0]!.slice(0, 2)]).toEqual([[[9]], ['totals', 'table']])
  await project!.rollback()
  expect([await query('select * from reads'), (await kinds())[0]!.slice(0, 2)]).toEqual([
    [[1]],
    ['totals', 'materialized_view'],
  ])
  expect(await query(`select relacl::text ~ '=r' from pg_class where relname = 'totals'`)).toEqual([[true]])
  await project!.write(indexed(`versions=2, indexes=[{'columns': ['day']}]`))
  expect(told(await build())).toEqual([])
  await project!.rollback()
  expect(await indexes('totals')).toEqual([[false, 'btree (day)']])
  expect(await query('select * from reads')).toEqual([[1]])
})

test('templates are told that it is one, and hooks run on what is published', async () => {
  await make(
    {
      ...SOURCE,
      'models/totals.sql': view(
        TOTALS,
        `, post_hook="create table main.seen as select '{{ adapter.get_relation(this.database, this.schema, this.identifier).type }}' as kind, count(*)::int as days from {{ this }}"`,
      ),
      'models/kinds.sql': `{% set found = load_relation(ref('totals')) %}select {{ found.is_materialized_view }} as is_one, '{{ found.type }}' as kind`,
    },
    SALES,
  )
  expect(told(await build())).toEqual([])
  expect(await query('select * from kinds')).toEqual([[true, 'materialized_view']])
  expect(await query('select * from seen')).toEqual([['materialized_view', 1]])
})

test('descriptions are written on it and on its columns, also on names that need quotes', async () => {
  await make({
    'models/totals.sql': view(
      `select 1 as "the 'odd' name", 2 as "Upper"`,
      `, persist_docs={'relation': true, 'columns': true}`,
    ),
    'models/totals.yml': `models: [{name: totals, description: "It's the totals", columns: [{name: "the 'odd' name", description: odd}, {name: upper, description: up}]}]`,
  })
  expect(told(await build())).toEqual([])
  expect(
    await query(
      `select obj_description('totals'::regclass), col_description('totals'::regclass, 1), col_description('totals'::regclass, 2)`,
    ),
  ).toEqual([["It's the totals", 'odd', 'up']])
})

test('rows that break a unique index, unknown columns and unknown kinds of indexes are told at the config', async () => {
  const start = `{{ config(materialized='materialized_view', indexes=`.length
  const located = async (index: string) => {
    await project!.write(indexed(`indexes=[${index}]`))
    const { results, events, execution } = await build()
    expect(execution.summary.published).toBe(0)
    const published = events.flatMap((event) => (event.kind === 'diagnostic' ? [event.diagnostic] : []))
    const [found] = [...(results.get('totals')?.diagnostics ?? []), ...published]
    return [[found?.code, found?.message, found?.place?.start, found?.hint]]
  }
  await make({ ...SOURCE, 'models/totals.sql': view(TOTALS) }, `${SALES}; insert into main.raw_sales values (2, 10)`)
  expect(await located(`{'columns': ['amuont']}`)).toEqual([
    [
      'index-unknown-column',
      'The column "amuont" of an index is no column of "totals".',
      start,
      'did you mean "amount"?',
    ],
  ])
  expect(await located(`{'columns': ['day'], 'type': 'hsah'}`)).toMatchObject([
    ['database', 'Catalog Error: access method "hsah" does not exist', start, undefined],
  ])
  expect(await located(`{'columns': ['amount'], 'unique': true}`)).toMatchObject([
    [
      'database',
      expect.stringMatching(
        /^Constraint Error: could not create unique index ".*"\nKey \(amount\)=\(10\) is duplicated\.$/,
      ),
      start,
      undefined,
    ],
  ])
})
