import { expect, test } from 'vitest'
import { area } from './engines.ts'
import { places, rows, statuses } from './look.ts'

const NOON = `cast('2026-01-31 12:30:15' as timestamp)`
const DAY = `cast('2026-01-31' as date)`

/** An expression of a template, and the text of its value, the same on every engine. */
const EXPRESSIONS: Readonly<Record<string, readonly [template: string, value: string]>> = {
  any_value: [`(select {{ any_value('n') }} from (select 7 as n) as t)`, '7'],
  array_append: [`({{ array_append(array_construct([1, 2]), 3) }})[3]`, '3'],
  array_concat: [`({{ array_concat(array_construct([1]), array_construct([2, 3])) }})[3]`, '3'],
  array_construct: [`({{ array_construct(['1', '2']) }})[2]`, '2'],
  bool_or: [`(select {{ bool_or('n > 1') }} from (select 1 as n union all select 2) as t)`, 'true'],
  bool_or_of_none: [`(select {{ bool_or('n > 2') }} from (select 1 as n union all select 2) as t)`, 'false'],
  cast: [`{{ cast("'5'", type_int()) }} + 1`, '6'],
  cast_bool_to_text: [`{{ cast_bool_to_text('1 = 1') }}`, 'true'],
  cast_bool_to_text_of_null: [`coalesce({{ cast_bool_to_text('cast(null as boolean)') }}, 'none')`, 'none'],
  concat: [`{{ concat(["'a'", "'b'", "'c'"]) }}`, 'abc'],
  current_timestamp: [`{{ current_timestamp() }} > cast('2020-01-01' as timestamp)`, 'true'],
  current_timestamp_backcompat: [`{{ current_timestamp_backcompat() }} > cast('2020-01-01' as timestamp)`, 'true'],
  date: [`{{ date(2026, 1, 5) }}`, '2026-01-05'],
  date_trunc: [`{{ date_trunc('month', "${NOON}") }}`, '2026-01-01 00:00:00'],
  date_trunc_of_day: [`cast({{ date_trunc('year', "${DAY}") }} as date)`, '2026-01-01'],
  dateadd_day: [`cast({{ dateadd('day', 1, "${DAY}") }} as date)`, '2026-02-01'],
  dateadd_hour: [`{{ dateadd('hour', -1, "${NOON}") }}`, '2026-01-31 11:30:15'],
  dateadd_month: [`{{ dateadd('month', 1, "${NOON}") }}`, '2026-02-28 12:30:15'],
  dateadd_quarter: [
    `{{ dateadd(datepart='quarter', interval=2, from_date_or_timestamp="${NOON}") }}`,
    '2026-07-31 12:30:15',
  ],
  datediff_year: [`{{ datediff("cast('2025-12-31' as date)", "cast('2026-01-01' as date)", 'year') }}`, '1'],
  datediff_quarter: [`{{ datediff("cast('2025-01-01' as date)", "cast('2026-04-01' as date)", 'quarter') }}`, '5'],
  datediff_month: [`{{ datediff("cast('2026-01-31' as date)", "cast('2026-03-01' as date)", 'month') }}`, '2'],
  datediff_week: [`{{ datediff("cast('2026-01-05' as date)", "cast('2026-01-12' as date)", 'week') }}`, '1'],
  datediff_day: [
    `{{ datediff("cast('2026-01-01 23:59:59' as timestamp)", "cast('2026-01-02 00:00:01' as timestamp)", 'day') }}`,
    '1',
  ],
  datediff_back: [`{{ datediff("cast('2026-01-03' as date)", "cast('2026-01-01' as date)", 'day') }}`, '-2'],
  datediff_hour: [
    `{{ datediff("cast('2026-01-01 01:59:59' as timestamp)", "cast('2026-01-01 02:00:00' as timestamp)", 'hour') }}`,
    '1',
  ],
  datediff_minute: [
    `{{ datediff("cast('2026-01-01 00:00:59' as timestamp)", "cast('2026-01-01 00:02:00' as timestamp)", 'minute') }}`,
    '2',
  ],
  datediff_second: [
    `{{ datediff("cast('2026-01-01 00:00:00.9' as timestamp)", "cast('2026-01-01 00:00:01.1' as timestamp)", 'second') }}`,
    '1',
  ],
  datediff_millisecond: [
    `{{ datediff("cast('2026-01-01 00:00:00' as timestamp)", "cast('2026-01-01 00:00:01.5' as timestamp)", 'millisecond') }}`,
    '1500',
  ],
  datediff_microsecond: [
    `{{ datediff("cast('2026-01-01 00:00:00' as timestamp)", "cast('2026-01-01 00:00:00.000007' as timestamp)", 'microsecond') }}`,
    '7',
  ],
  equals: [`case when {{ equals('1', '1') }} then 'same' else 'other' end`, 'same'],
  equals_of_null: [`case when {{ equals('cast(null as integer)', '1') }} then 'same' else 'other' end`, 'other'],
  escape_single_quotes: [`'{{ escape_single_quotes("it's") }}'`, "it's"],
  except: [`(select count(*) from (select 1 as n union all select 2 {{ except() }} select 2) as t)`, '1'],
  get_powers_of_two: [`{{ get_powers_of_two(10) }}`, '4'],
  generate_series: [`(select sum(generated_number) from ({{ generate_series(4) }}) as t)`, '10'],
  hash: [`{{ hash("'ana'") }}`, '276b6c4692e78d4799c12ada515bc3e4'],
  hash_of_number: [`{{ hash('1') }}`, 'c4ca4238a0b923820dcc509a6f75849b'],
  intersect: [`(select count(*) from (select 1 as n {{ intersect() }} select 1) as t)`, '1'],
  json_value: [`{{ json_value("cast('{\\"a.b\\": \\"x\\"}' as json)", 'a.b') }}`, 'x'],
  last_day_of_month: [`{{ last_day("cast('2026-02-05' as date)", 'month') }}`, '2026-02-28'],
  last_day_of_quarter: [`{{ last_day("cast('2026-02-05' as date)", 'quarter') }}`, '2026-03-31'],
  last_day_of_year: [`{{ last_day("cast('2026-02-05' as date)", 'year') }}`, '2026-12-31'],
  length: [`{{ length("'ação'") }}`, '4'],
  listagg: [`(select {{ listagg('word', "'_|_'", 'order by id') }} from words)`, 'a_|_b_|_a_|_c'],
  listagg_limited: [`(select {{ listagg('word', "','", 'order by id desc', 2) }} from words)`, 'c,a'],
  listagg_distinct: [`(select {{ listagg('distinct word', "','", 'order by word') }} from words)`, 'a,b,c'],
  listagg_plain: [`(select {{ listagg('word') }} from words where id = 1)`, 'a'],
  position: [`{{ position("'de'", "'land'") }} + {{ position("'an'", "'land'") }}`, '2'],
  replace: [`{{ replace("'aba'", "'a'", "'x'") }}`, 'xbx'],
  right: [`{{ right("'12345'", 2) }}`, '45'],
  right_of_nothing: [`{{ right("'12345'", 0) }}`, ''],
  safe_cast: [`{{ safe_cast("'12'", type_int()) }} + 1`, '13'],
  split_part: [`{{ split_part("'a|b|c'", "'|'", 2) }}`, 'b'],
  split_part_from_end: [`{{ split_part("'a|b|c'", "'|'", -1) }}`, 'c'],
  split_part_of_none: [`{{ split_part("'a|b|c'", "'|'", 4) }}`, ''],
  string_literal: [`{{ string_literal('text') }}`, 'text'],
}

const TYPES: Readonly<Record<string, RegExp>> = {
  type_bigint: /^bigint$/,
  type_boolean: /^boolean$/,
  type_float: /^(double precision|double|float|real)$/,
  type_int: /^integer$/,
  type_numeric: /^(numeric|decimal)\(28,6\)$|^numeric$/,
  type_string: /^(text|varchar)$/,
  type_timestamp: /^timestamp( without time zone)?$/,
}

area('utils', ({ project }) => {
  test('every macro gives the same value on every engine', async () => {
    const lines = Object.entries(EXPRESSIONS).map(
      ([name, [template]]) => `select '${name}' as macro, cast(${template} as varchar) as value`,
    )
    const shop = await project({
      'models/values_of_macros.sql': `with words as (
  select 1 as id, 'a' as word union all select 2, 'b' union all select 3, 'a' union all select 4, 'c'
)\n${lines.join('\nunion all ')}`,
      'models/spine.sql': `{{ date_spine('day', "cast('2026-01-30' as date)", "cast('2026-02-02' as date)") }}`,
      'models/months.sql': `{{ date_spine('month', "cast('2026-01-15' as date)", "cast('2026-03-15' as date)") }}`,
      'models/series.sql': generateSeries(5),
      'models/intervals.sql': `select {{ get_intervals_between("cast('2026-01-01' as date)", "cast('2026-02-01' as date)", 'day') }} as n`,
    })
    expect(new Set(Object.values(statuses(await shop.run())))).toEqual(new Set(['success']))
    const found = await rows(shop, 'select macro, value from main.values_of_macros')
    expect(Object.fromEntries(found.map((row) => row.split(/ \| (.*)/s).slice(0, 2)))).toEqual(
      Object.fromEntries(Object.entries(EXPRESSIONS).map(([name, [, value]]) => [name, value])),
    )
    expect(await rows(shop, 'select cast(cast(date_day as date) as varchar) from main.spine order by 1')).toEqual([
      '2026-01-30',
      '2026-01-31',
      '2026-02-01',
    ])
    expect(await rows(shop, 'select cast(cast(date_month as date) as varchar) from main.months order by 1')).toEqual([
      '2026-01-15',
      '2026-02-15',
    ])
    expect(await rows(shop, 'select generated_number from main.series order by 1')).toEqual(['1', '2', '3', '4', '5'])
    expect(await rows(shop, 'select n from main.intervals')).toEqual(['31'])
  })

  test('every type macro names a type of the engine', async () => {
    const shop = await project({
      'models/typed.sql': `select ${Object.keys(TYPES)
        .map((name) => `cast(null as {{ ${name}() }}) as ${name}`)
        .join(', ')}`,
    })
    await shop.run()
    const found = await rows(
      shop,
      `select column_name, lower(data_type) from information_schema.columns where table_schema = 'main' and table_name = 'typed'`,
    )
    for (const row of found) {
      const [name = '', type] = row.split(' | ')
      expect(row).toMatch(new RegExp(`^${name} \\| `))
      expect(type).toMatch(TYPES[name] ?? /^$/)
    }
    expect(found).toHaveLength(Object.keys(TYPES).length)
  })

  test('a macro of the project takes the place of one of these, also for one engine', async () => {
    const shop = await project({
      'project.yml': `name: shop
version: '1.0'
profile: shop
models: { +materialized: table }
dispatch: [{ macro_namespace: dbt, search_order: [shop, dbt] }]
`,
      'macros/own.sql': `{% macro default__length(expression) %}(1000 + length({{ expression }})){% endmacro %}
{% macro duckdb__right(text, n) %}'right of DuckDB'{% endmacro %}
{% macro postgres__right(text, n) %}'right of Postgres'{% endmacro %}
{% macro length_of(text) %}{{ return(adapter.dispatch('length', 'dbt')(text)) }}{% endmacro %}`,
      'models/lengths.sql': `select {{ dbt.length("'abc'") }} as a, {{ length_of("'abc'") }} as b, {{ dbt.right("'abc'", 1) }} as c`,
    })
    await shop.run()
    expect(await rows(shop, 'select * from main.lengths')).toEqual([
      expect.stringMatching(/^1003 \| 1003 \| right of (DuckDB|Postgres)$/),
    ])
  })

  test('arguments that no engine can take are told at the call', async () => {
    const shop = await project({ 'models/bad.sql': `select {{ get_powers_of_two(0) }} as n` })
    await expect(shop.run()).rejects.toThrow('The upper bound must be more than 0.')
    await shop.write({ 'models/bad.sql': `select {{ dateadd('fortnight', 1, "${NOON}") }} as moment` })
    expect(places(await shop.run())).toEqual([expect.stringMatching(/^database models\/bad.sql:1:\d+$/)])
  })
})

function generateSeries(upperBound: number): string {
  return `{{ generate_series(${upperBound}) }}`
}
