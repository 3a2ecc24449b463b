import { expect, test } from 'vitest'
import { hostFunction, parseTemplate, renderNative, type Scope, toPlain } from './index.ts'

const SCOPE: Scope = {
  lookup: (name) =>
    name === 'var' ? hostFunction('var', ([key]) => (key === 'days' ? 3 : `${String(key)}`)) : undefined,
}

test.each([
  ["{{ var('days') }}", 3],
  ["{{ var('days') + 1 }}", 4],
  ['{{ [1, none, {"a": true}] }}', [1, null, { a: true }]],
  ["{{ var('x') }}", 'x'],
  ["{{ '3' }}", '3'],
  ["  {{ var('days') }}", '  3'],
  ["{{ var('days') }} days", '3 days'],
  ["{{ var('days') }}{{ var('days') }}", '33'],
  ['plain text', 'plain text'],
  ['', ''],
  ["{% if true %}{{ var('days') }}{% endif %}", '3'],
  ["{{ 'True' | as_bool }}", true],
  ["{{ '12' | as_number }}", 12],
  ["{{ '-1.5' | as_number }}", -1.5],
  ["{{ \"['a', 1, {'b': None}]\" | as_native }}", ['a', 1, { b: null }]],
  ["{{ 'not a literal' | as_native }}", 'not a literal'],
  ["{{ 'a + b' | as_native }}", 'a + b'],
  ['{{ 3 | as_text }}', '3'],
])('%s', (text, expected) => {
  expect(toPlain(renderNative(parseTemplate({ path: 'models/schema.yml', text }), SCOPE))).toEqual(expected)
})

test.each([
  ["{{ 'yes' | as_bool }}", `Could not convert value 'yes' into type 'bool'`],
  ["{{ 'true' | as_bool }}", `Could not convert value 'true' into type 'bool'`],
  ["{{ 'x' | as_number }}", `Could not convert value 'x' into type 'number'`],
  ["{{ 'True' | as_number }}", `Could not convert value 'True' into type 'number'`],
])('%s fails', (text, message) => {
  expect(() => renderNative(parseTemplate({ path: 'models/schema.yml', text }), SCOPE)).toThrow(
    expect.objectContaining({
      diagnostics: [
        expect.objectContaining({ code: 'template-error', message, place: expect.objectContaining({ start: 3 }) }),
      ],
    }),
  )
})
