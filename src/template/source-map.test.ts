import { expect, test } from 'vitest'
import { describePlace, type SourceFile, type Span } from '../text/source-file.ts'
import {
  bindMacro,
  hostFunction,
  parseTemplate,
  readMacros,
  renderAsync,
  renderSync,
  type Scope,
  type SourceMap,
} from './index.ts'

const MACROS: SourceFile = {
  path: 'macros/money.sql',
  text: `{% macro euros(column) -%}
  round({{ cents(column) }} / 100, 2)
{%- endmacro %}

{% macro cents(column) %}{{ return(dispatch('cents')(column)) }}{% endmacro %}

{% macro default__cents(column) %}cast({{ column }} as bigint){% endmacro %}

{% macro named(name) %}{{ return('alias_' ~ name) }}{% endmacro %}

{% macro wrapped() %}[{{ caller() }}]{% endmacro %}
`,
}

test('leads literal text to its exact place', () => {
  const { text, map } = render('select id\nfrom orders\n')
  expect(text).toBe('select id\nfrom orders')
  expect(placeOf(map, text.indexOf('id'))).toBe('models/orders.sql:1:8 exact')
  expect(placeOf(map, text.indexOf('orders'))).toBe('models/orders.sql:2:6 exact')
})

test('leads a printed value to its whole expression', () => {
  const { text, map } = render("select {{ 'am' ~ 'ount' }} from orders")
  expect(text).toBe('select amount from orders')
  for (const offset of [7, 9, 12]) expect(placeOf(map, offset)).toBe("models/orders.sql:1:8 {{ 'am' ~ 'ount' }}")
  expect(placeOf(map, 13)).toBe('models/orders.sql:1:27 exact')
})

test('keeps places exact after whitespace control, comments and raw blocks', () => {
  const { text, map } = render('a  {#- gone -#}\n  b {%- if true %} c\n{%- endif %}\n{% raw -%}  {{ d }} {%- endraw %}')
  expect(text).toBe('ab c\n{{ d }}')
  expect(placeOf(map, text.indexOf('b'))).toBe('models/orders.sql:2:3 exact')
  expect(placeOf(map, text.indexOf('c'))).toBe('models/orders.sql:2:20 exact')
  expect(placeOf(map, text.indexOf('d'))).toBe('models/orders.sql:4:16 exact')
})

test('counts carriage returns of the file, which the text does not have', () => {
  const { text, map } = render('select\r\n  id,\r\n  {{ 1 }} as one\rfrom orders\r\n')
  expect(text).toBe('select\n  id,\n  1 as one\nfrom orders')
  expect(placeOf(map, text.indexOf('id'))).toBe('models/orders.sql:2:3 exact')
  expect(placeOf(map, text.indexOf('1'))).toBe('models/orders.sql:3:3 {{ 1 }}')
  expect(map.locate(text.indexOf('orders'))?.place.start).toBe('select\r\n  id,\r\n  {{ 1 }} as one\rfrom '.length)
})

test('leads the output of macros into the macro files, through wrappers that return it', () => {
  const { text, map } = render("select {{ euros('amount') }} as amount")
  expect(text).toBe('select round(cast(amount as bigint) / 100, 2) as amount')
  expect(trail(map, text.indexOf('round'))).toEqual([
    'macros/money.sql:2:3 exact',
    "in euros, called at models/orders.sql:1:11 euros('amount')",
  ])
  expect(trail(map, text.indexOf('as bigint'))).toEqual([
    'macros/money.sql:7:53 exact',
    "in default__cents, called at macros/money.sql:5:36 dispatch('cents')(column)",
    'in cents, called at macros/money.sql:2:12 cents(column)',
    "in euros, called at models/orders.sql:1:11 euros('amount')",
  ])
  expect(trail(map, text.indexOf('amount'))[0]).toBe('macros/money.sql:7:40 {{ column }}')
  expect(trail(map, text.lastIndexOf('as amount'))).toEqual(['models/orders.sql:1:30 exact'])
})

test('leads text that a macro returned without printing it to the return', () => {
  const { text, map } = render("select 1 as {{ named('total') }}")
  expect(text).toBe('select 1 as alias_total')
  expect(trail(map, text.indexOf('alias'))).toEqual([
    "macros/money.sql:9:27 return('alias_' ~ name)",
    "in named, called at models/orders.sql:1:16 named('total')",
  ])
})

test('knows the output of a macro again after it went through a variable', () => {
  const { text, map } = render("{% set price = euros('amount') %}select {{ price }}, {{ price }}")
  expect(text).toBe('select round(cast(amount as bigint) / 100, 2), round(cast(amount as bigint) / 100, 2)')
  expect(trail(map, text.lastIndexOf('round'))[0]).toBe('macros/money.sql:2:3 exact')
})

test('falls back to the expression where a filter changed the text', () => {
  const { text, map } = render("select {{ euros('amount') | upper }}")
  expect(text).toBe('select ROUND(CAST(AMOUNT AS BIGINT) / 100, 2)')
  expect(trail(map, text.indexOf('CAST'))).toEqual(["models/orders.sql:1:8 {{ euros('amount') | upper }}"])
})

test('leads the body of a call block to the file of the block', () => {
  const { text, map } = render('{% call wrapped() %}inner {{ 1 }}{% endcall %}')
  expect(text).toBe('[inner 1]')
  expect(trail(map, text.indexOf('['))).toEqual([
    'macros/money.sql:11:22 exact',
    'in wrapped, called at models/orders.sql:1:9 wrapped()',
  ])
  expect(trail(map, text.indexOf('inner'))).toEqual([
    'models/orders.sql:1:21 exact',
    'in wrapped, called at models/orders.sql:1:9 wrapped()',
  ])
})

test('leads blocks and recursive loops to the text inside them', () => {
  const { text, map } = render(
    '{% set note %}a note, {{ 1 }}{% endset %}{{ note }};' +
      '{% for item in [1, [2]] recursive %}{% if item is iterable %}({{ loop(item) }}){% else %}n{{ item }}{% endif %}{% endfor %}',
  )
  expect(text).toBe('a note, 1;n1(n2)')
  expect(placeOf(map, 0)).toBe('models/orders.sql:1:15 exact')
  expect(placeOf(map, text.indexOf('2'))).toBe('models/orders.sql:1:143 {{ item }}')
})

test('takes an offset past the end for the end, and has no place in an empty text', () => {
  expect(placeOf(render('select 1').map, 99)).toBe('models/orders.sql:1:8 exact')
  expect(render('{# nothing #}').map.locate(0)).toBeUndefined()
})

test('is the same in an asynchronous render', async () => {
  const sync = render("select {{ euros('amount') }} as amount")
  const async = await renderAsync(model("select {{ euros('amount') }} as amount"), scope('async'))
  expect(async.text).toBe(sync.text)
  for (let offset = 0; offset < sync.text.length; offset++) {
    expect(trail(async.map, offset)).toEqual(trail(sync.map, offset))
  }
})

test('counts places of a part of a file in the whole file', () => {
  const file = { path: 'models/orders.sql', text: 'ignored\n{{ 1 }} of {{ 2 }}\nignored' }
  const { text, map } = renderSync(parseTemplate(file, { start: 8, end: 26 }), scope('sync'))
  expect(text).toBe('1 of 2')
  expect(placeOf(map, 2)).toBe('models/orders.sql:2:9 exact')
  expect(placeOf(map, 5)).toBe('models/orders.sql:2:12 {{ 2 }}')
})

function model(text: string) {
  return parseTemplate({ path: 'models/orders.sql', text })
}

function render(text: string) {
  return renderSync(model(text), scope('sync'))
}

function scope(mode: 'sync' | 'async'): Scope {
  const names = new Map<string, unknown>()
  const result: Scope = { lookup: (name) => names.get(name) }
  for (const macro of readMacros(MACROS)) names.set(macro.name, bindMacro(macro, result, mode))
  names.set(
    'dispatch',
    hostFunction('dispatch', ([name]) => names.get(`default__${name}`)),
  )
  return result
}

function placeOf(map: SourceMap, offset: number): string | undefined {
  const found = map.locate(offset)
  return found && describe(found.place)
}

function trail(map: SourceMap, offset: number): readonly string[] {
  const found = map.locate(offset)
  if (!found) return []
  return [describe(found.place), ...found.calls.map(({ macro, place }) => `in ${macro}, called at ${describe(place)}`)]
}

function describe(place: Span): string {
  const text = place.file.text.slice(place.start, place.end)
  return `${describePlace(place)} ${place.start === place.end ? 'exact' : text}`
}
