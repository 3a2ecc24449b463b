import { afterEach, expect, test } from 'vitest'
import { postgresEngine } from '../../test/engines.ts'
import { type Outcome, TemporaryProject } from '../../test/temporary-project.ts'

/** Incremental models on a Postgres server: exact rows, columns that change with things that hang on them, odd and long names. */

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

const model = (settings: string, first: string, later: string) =>
  `{{ config(materialized='incremental'${settings === '' ? '' : `, ${settings}`}) }}
{% if is_incremental() %}${later}{% else %}${first}{% endif %}`
const values = (columns: string, ...rows: readonly string[]) =>
  `select * from (values ${rows.map((row) => `(${row})`).join(', ')}) as v(${columns})`
const make = async (files: Readonly<Record<string, string>>) => {
  project = await TemporaryProject.make(files, postgresEngine)
}
const build = (flags: Record<string, unknown> = {}) => project!.run(flags)
const query = (sql: string) => project!.query(sql)
const rows = (name = 'orders') => query(`select * from ${name} order by 1, 2`)
const oidOf = async (name: string) => (await query(`select '${name}'::regclass::oid::text`))[0]![0]
const columns = async (name = 'orders') =>
  (
    await query(`select attname || ' ' || format_type(atttypid, atttypmod) from pg_attribute
    where attrelid = '${name}'::regclass and attnum > 0 and not attisdropped order by attnum`)
  ).flat()

/** Statuses that are not good, and what was said, each once. */
function told({ results, events }: Outcome): readonly string[] {
  const bad = [...results].filter(([, { status }]) => status !== 'success' && status !== 'pass')
  const diagnostics = [
    ...events.flatMap((event) => (event.kind === 'diagnostic' ? [event.diagnostic] : [])),
    ...[...results.values()].flatMap((result) => result.diagnostics),
  ]
  return [
    ...bad.map(([name, { status }]) => `${name} ${status}`),
    ...new Set(diagnostics.map(({ code, message }) => `${code}: ${message}`)),
  ]
}

const OLD = values('day, id, status', "1, 1, 'old'", "1, 2, 'old'", "2, 1, 'old'")
const NEW = values('day, id, status', "2, 1, 'new'", "2, 2, 'new'", "3, 1, 'new'")

test.each([
  [
    'append',
    '',
    [
      [1, 1, 'old'],
      [1, 2, 'old'],
      [2, 1, 'new'],
      [2, 1, 'old'],
      [2, 2, 'new'],
      [3, 1, 'new'],
    ],
  ],
  [
    'delete+insert',
    `unique_key=['day', 'id']`,
    [
      [1, 1, 'old'],
      [1, 2, 'old'],
      [2, 1, 'new'],
      [2, 2, 'new'],
      [3, 1, 'new'],
    ],
  ],
  [
    'delete+insert',
    `unique_key='day'`,
    [
      [1, 1, 'old'],
      [1, 2, 'old'],
      [2, 1, 'new'],
      [2, 2, 'new'],
      [3, 1, 'new'],
    ],
  ],
  [
    'delete+insert',
    `unique_key=['day', 'id'], incremental_predicates=["DBT_INTERNAL_DEST.day > 2"]`,
    [
      [1, 1, 'old'],
      [1, 2, 'old'],
      [2, 1, 'new'],
      [2, 1, 'old'],
      [2, 2, 'new'],
      [3, 1, 'new'],
    ],
  ],
  [
    'merge',
    `unique_key=['day', 'id']`,
    [
      [1, 1, 'old'],
      [1, 2, 'old'],
      [2, 1, 'new'],
      [2, 2, 'new'],
      [3, 1, 'new'],
    ],
  ],
  [
    'merge',
    `unique_key=['day', 'id'], incremental_predicates=["DBT_INTERNAL_DEST.day < DBT_INTERNAL_SOURCE.day"]`,
    [
      [1, 1, 'old'],
      [1, 2, 'old'],
      [2, 1, 'new'],
      [2, 1, 'old'],
      [2, 2, 'new'],
      [3, 1, 'new'],
    ],
  ],
  [
    'merge',
    `unique_key=['day', 'id'], merge_update_columns=['day']`,
    [
      [1, 1, 'old'],
      [1, 2, 'old'],
      [2, 1, 'old'],
      [2, 2, 'new'],
      [3, 1, 'new'],
    ],
  ],
  [
    'merge',
    `unique_key=['day', 'id'], merge_exclude_columns=['STATUS']`,
    [
      [1, 1, 'old'],
      [1, 2, 'old'],
      [2, 1, 'old'],
      [2, 2, 'new'],
      [3, 1, 'new'],
    ],
  ],
])(
  '%s with %s gives exactly these rows, in the candidate as in the table, which stays',
  async (strategy, settings, expected) => {
    await make({
      'models/orders.sql': model(
        `incremental_strategy='${strategy}'${settings === '' ? '' : `, ${settings}`}`,
        OLD,
        NEW,
      ),
      'models/copied.sql': `select * from {{ ref('orders') }}`,
    })
    expect(told(await build())).toEqual([])
    await project!.change('create view main.reads as select * from orders; create index by_hand on orders (status)')
    const before = await oidOf('orders')
    expect(told(await build())).toEqual([])
    const sorted = `order by day, id, status`
    expect(await query(`select * from orders ${sorted}`)).toEqual(expected)
    expect(await query(`select * from copied ${sorted}`)).toEqual(expected)
    expect(await query(`select * from reads ${sorted}`)).toEqual(expected)
    expect(await oidOf('orders')).toBe(before)
    expect(await query(`select relpersistence::text from pg_class where oid = 'orders'::regclass`)).toEqual([['p']])
  },
)

test('a type that holds more replaces the type of a column, with views on it; others are cast', async () => {
  await make({
    'models/orders.sql': model(
      `unique_key='id'`,
      `select 1 as id, cast('ab' as varchar(2)) as code, cast(1.5 as numeric(4, 2)) as amount, date '2020-01-01' as day`,
      `select 2 as id, cast('abcd' as varchar(4)) as code, 2 as amount, date '2020-01-02' as day`,
    ),
  })
  await build()
  await project!.change('create view main.reads as select code, amount from orders; grant select on orders to public')
  expect(told(await build())).toEqual([])
  expect(await columns()).toEqual(['id integer', 'code character varying(4)', 'amount numeric(4,2)', 'day date'])
  expect(await query('select id, code, amount::text from orders order by 1')).toEqual([
    [1, 'ab', '1.50'],
    [2, 'abcd', '2.00'],
  ])
  expect(await query('select code from reads order by 1')).toEqual([['ab'], ['abcd']])
  expect(await query(`select relacl::text ~ '=r' from pg_class where relname = 'orders'`)).toEqual([[true]])
})

const FIRST = 'select 1 as id, 10 as amount, 20 as tax'
const LATER = `select 2 as id, 'x' as note, 30 as amount`

test.each([
  [
    'ignore',
    [
      'orders error',
      'incremental-missing-column: The column "tax" is in the published table, but no longer in the model.',
    ],
    [[1, 10, 20]],
  ],
  [
    'append_new_columns',
    [],
    [
      [1, 10, 20, null],
      [2, 30, null, 'x'],
    ],
  ],
  [
    'fail',
    [
      'orders error',
      'incremental-schema-change: The columns of the model are not those of its table (new: note; gone: tax).',
    ],
    [[1, 10, 20]],
  ],
  [
    'sync_all_columns',
    [],
    [
      [1, 10, null],
      [2, 30, 'x'],
    ],
  ],
])('on_schema_change: %s, with a view of others on the columns that stay', async (mode, problems, expected) => {
  await make({ 'models/orders.sql': model(`unique_key='id', on_schema_change='${mode}'`, FIRST, LATER) })
  await build()
  await project!.change('create view main.reads as select id, amount from orders')
  expect(told(await build())).toEqual(problems)
  expect(await rows()).toEqual(expected)
  expect(await query('select * from reads order by 1')).toEqual(expected.map((row) => row.slice(0, 2)))
})

test('a column that goes away under a view of others stops the publication with the name of the view', async () => {
  await make({ 'models/orders.sql': model(`unique_key='id', on_schema_change='sync_all_columns'`, FIRST, LATER) })
  await build()
  await project!.change('create view main.taxes as select sum(tax) as tax from orders')
  expect(told(await build())).toEqual([
    'orders error',
    'view-broken: The view "main.taxes" would no longer work: column "tax" does not exist',
  ])
  expect(await rows()).toEqual([[1, 10, 20]])
  await project!.change('drop view main.taxes')
  expect(told(await build())).toEqual([])
  expect(await rows()).toEqual([
    [1, 10, null],
    [2, 30, 'x'],
  ])
})

const LONG = 'a_very_long_name_of_a_model_that_goes_on_for_more_than_sixty_bytes'

test('names of more than 63 bytes: of models, columns, keys and indexes, two of which begin alike', async () => {
  const column = `${LONG}_column`
  const incremental = (end: string) =>
    model(
      `unique_key='${column}', merge_update_columns=['${column}', 'amount'], incremental_strategy='merge',
      persist_docs={'relation': true, 'columns': true}, indexes=[{'columns': ['${column}'], 'unique': true}]`,
      `select 1 as ${column}, '${end}' as amount`,
      `select 1 as ${column}, '${end} again' as amount`,
    )
  await make({
    'project.yml': `name: shop\nprofile: shop\nmodels: {+materialized: table}\nversions: 1\n`,
    [`models/${LONG}_one.sql`]: incremental('one'),
    [`models/${LONG}_two.sql`]: incremental('two'),
    [`models/${LONG}_view.sql`]: `{{ config(materialized='view') }} select * from {{ ref('${LONG}_one') }} union all select * from {{ ref('${LONG}_two') }}`,
    'models/all.yml': `models: [{name: ${LONG}_one, columns: [{name: ${column}, description: the key, data_tests: [unique, not_null]}]}]`,
    [`seeds/${LONG}_seed.csv`]: `${column},amount\n7,8\n`,
    'models/last.sql': `select ${column} from {{ ref('${LONG}_seed') }} union all select ${column} from {{ ref('${LONG}_view') }}`,
  })
  expect(told(await build())).toEqual([])
  expect(told(await build())).toEqual([])
  const names = (await project!.relations()).map((name) => name.replace('main.', ''))
  const cut = LONG.slice(0, 54)
  expect(names.filter((name) => !name.includes('__lavra_kept_'))).toEqual([
    ...Array.from({ length: 4 }, () => expect.stringMatching(new RegExp(`^${cut}_[0-9a-f]{8}$`))),
    'last',
  ])
  expect(new Set(names).size).toBe(names.length)
  const view = (
    await query(`select c.relname::text from pg_class as c where relkind = 'v' and relnamespace = 'main'::regnamespace`)
  ).flat()
  expect(await query(`select * from "${view[0]}" order by 2`)).toEqual([
    [1, 'one again'],
    [1, 'two again'],
  ])
  expect(await query('select * from last order by 1')).toEqual([[1], [1], [7]])
  expect(await query(`select distinct description from pg_description where description = 'the key'`)).toEqual([
    ['the key'],
  ])
  expect(told(await build({ fullRefresh: true }))).toEqual([])
  await project!.rollback()
  expect(
    await query("select count(*)::int from pg_class where relname ~ '__lavra_[0-9a-f]{8}' and relkind in ('r', 'v')"),
  ).toEqual([[0]])
})

test('names in upper case, with blanks and quotes, and quoting that is off', async () => {
  const settings = `unique_key='"Order Id"', incremental_strategy='merge', indexes=[{'columns': ['"Order Id"', 'ação'], 'unique': true}], persist_docs={'relation': true, 'columns': true}`
  const rowsOf = (status: string) => `select 1 as "Order Id", '${status}' as "it's", 'x' as "ação", 2 as id, 3 as "ID"`
  await make({
    'models/odd.sql': `{{ config(alias='Odd "orders" of \\'20') }}`.concat(
      model(settings, rowsOf('old'), rowsOf('new')),
    ),
    'models/plain.sql': `{{ config(alias='Plain_Orders', quoting={'identifier': false}) }}`.concat(
      model(`unique_key='ID'`, `select 1 as id, 'old' as status`, `select 1 as id, 'new' as status`),
    ),
    'models/reads.sql': `{{ config(materialized='view') }} select o."it's" as odd, p.status from {{ ref('odd') }} as o, {{ ref('plain') }} as p`,
    'models/odd.yml': `models: [{name: odd, description: "it's \\\\ odd", columns: [{name: "it's", description: 'the "status"'}]}]`,
  })
  expect(told(await build())).toEqual([])
  expect(told(await build())).toEqual([])
  expect(await query('select * from reads')).toEqual([['new', 'new']])
  expect(await query(`select * from main."Odd ""orders"" of '20"`)).toEqual([[1, 'new', 'x', 2, 3]])
  expect(await query('select * from plain_orders')).toEqual([[1, 'new']])
  expect(
    await query(
      `select description from pg_description where objoid = 'main."Odd ""orders"" of ''20"'::regclass order by objsubid`,
    ),
  ).toEqual([["it's \\ odd"], ['the "status"']])
  expect(told(await build({ fullRefresh: true }))).toEqual([])
})
