import { expect, test } from 'vitest'
import { parseTemplate, readMacros, type ScannedValue, scanCalledNames, scanCalls } from './index.ts'

test('finds literal calls with their exact places, in the order of the text', () => {
  const text = "{{ config(materialized='table') }}\nselect * from {{ ref('shop', 'orders', v=2) }}"
  const [config, ref] = scanCalls(model(text), new Set(['ref', 'config']))
  expect(config).toMatchObject({ name: 'config', args: [], hasSpread: false })
  expect(shown(config!.kwargs.get('materialized')!, text)).toEqual(["'table'", 'table'])
  expect(ref!.args.map((value) => shown(value, text))).toEqual([
    ["'shop'", 'shop'],
    ["'orders'", 'orders'],
  ])
  expect(shown(ref!.kwargs.get('v')!, text)).toEqual(['2', 2])
  expect(text.slice(ref!.place.start, ref!.place.end)).toBe("ref('shop', 'orders', v=2)")
})

test('reads lists, dicts, numbers, booleans and None, and tells what is not literal', () => {
  const text =
    "{{ config(tags=['a', ('b', 'c')], meta={'n': -1.5, 'on': true, 'no': none, 1: 'x'}, alias=var('x'), list=[a]) }}"
  const [call] = scanCalls(model(text), new Set(['config']))
  const values = [...call!.kwargs].map(([name, value]) => [name, value.kind === 'literal' ? value.value : value.kind])
  expect(values).toEqual([
    ['tags', ['a', ['b', 'c']]],
    ['meta', { n: -1.5, on: true, no: null, 1: 'x' }],
    ['alias', 'dynamic'],
    ['list', 'dynamic'],
  ])
})

test('looks into every branch, loop, macro, filter, test, default and nested call', () => {
  const text = `{% if ref('a') %}{% elif x == ref('b') %}{{ ref('c') }}{% else %}{{ [ref('d')] | map(ref('e')) }}{% endif %}
{% for x in ref('f') if ref('g') %}{{ {'k': ref('h')}['k'][ref('i')] }}{% else %}{{ ref('j') }}{% endfor %}
{% macro m(a=ref('k')) %}{{ ref('l') ~ ref('m') }}{% endmacro %}{% call wrap(ref('n')) %}{{ ref('o') }}{% endcall %}
{% set y %}{{ ref('p') }}{% endset %}{% set z = ref('q') %}{% do f(ref(name='r', *x)) %}{% filter replace(ref('s'), 1) %}{% endfilter %}
{% with w = ref('t') %}{% endwith %}{{ 1 if ref('u') is eq ref('v') else -ref('w') }}{{ (ref('x'), ref('y')[1:ref('z')]) }}`
  const calls = scanCalls(model(text), new Set(['ref']))
  const names = calls
    .map((call) => call.args[0] ?? call.kwargs.get('name')!)
    .map((value) => value.kind === 'literal' && value.value)
  expect(names.join('')).toBe('abcdefghijklmnopqrstuvwxyz')
  expect(calls.filter(({ hasSpread }) => hasSpread)).toHaveLength(1)
})

test('finds calls through a dotted name, and in macros with places in the whole file', () => {
  const file = {
    path: 'macros/money.sql',
    text: "\n{% macro cents(a) %}{{ adapter.dispatch('cents', 'shop')(a) }}{% endmacro %}",
  }
  const [macro] = readMacros(file)
  const [call] = scanCalls(macro!, new Set(['adapter.dispatch']))
  expect(file.text.slice(call!.place.start, call!.place.end)).toBe("adapter.dispatch('cents', 'shop')")
  expect(call!.args.map((value) => value.kind === 'literal' && value.value)).toEqual(['cents', 'shop'])
})

test('lists the names that are called', () => {
  const tree = model(
    "{{ cents(dbt_utils.star(from=ref('a'))) }}{{ x.y()[0]() }}{{ 'a'.upper() }}{% call wrap() %}{% endcall %}",
  )
  expect([...scanCalledNames(tree)].sort()).toEqual(['cents', 'dbt_utils.star', 'ref', 'wrap', 'x.y'])
})

function model(text: string) {
  return parseTemplate({ path: 'models/orders.sql', text })
}

function shown(value: ScannedValue, text: string) {
  return [text.slice(value.place.start, value.place.end), value.kind === 'literal' ? value.value : value.kind]
}
