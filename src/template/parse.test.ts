import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { UserError } from '../diagnostics/errors.ts'
import { describePlace } from '../text/source-file.ts'
import { parseTemplate } from './index.ts'

describe('a template that does not parse', () => {
  test.each([
    ['select {{ amount', '1:8 {{', '"{{" is never closed: the file ends while looking for "}}".', undefined],
    ['{% if paid\nselect 1', '1:1 {%', '"{%" is never closed: the file ends while looking for "%}".', undefined],
    ['a {# note', '1:3 {#', 'This comment is never closed: the file ends while looking for "#}".', undefined],
    ['\n{% raw %} {{', '2:1 {% raw %}', '"raw" is never closed: the file ends while looking for "endraw".', undefined],
    ["{{ ref('orders }}", "1:8 '", "This string is never closed: the file ends while looking for '.", undefined],
    ["{{ ref('orders' ", '1:7 (', '"(" is never closed: ")" is missing.', undefined],
    ["{{ ref('orders') }", '1:18 }', '"}" closes nothing.', '"{{" is closed by "}}"'],
    ["{{ ref('orders'] }}", '1:16 ]', 'Expected ")" but found "]".', undefined],
    ['{{ amount ? 1 }}', '1:11 ?', 'Unexpected character "?".', undefined],
    ['{{ amount total }}', '1:11 total', 'Expected "}}" but found "total".', undefined],
    ['{{ }}', '1:4 }}', 'Expected an expression but found the end of the expression.', undefined],
    ['{{ 1 + }}', '1:8 }}', 'Expected an expression but found the end of the expression.', undefined],
    [
      '{{ order. }}',
      '1:11 }}',
      'Expected a name or a number after "." but found the end of the expression.',
      undefined,
    ],
    ['{{ order[] }}', '1:9 [', 'Expected an index or a key between "[" and "]".', undefined],
    [
      '{{ cents(a=1, 2) }}',
      '1:15 2',
      'This argument stands too late.',
      'values come first, then names with "=", then "*" and "**"',
    ],
    ['{{ cents(a=1, a=2) }}', '1:15 a', 'The argument "a" is given twice.', undefined],
    ["{{ '\\x4' }}", "1:4 '\\x4'", 'This string has a malformed escape.', 'write "\\\\" for a backslash'],
    ['{{ amount | rond }}', '1:13 rond', 'There is no filter named "rond".', 'did you mean "round"?'],
    ['{{ amount is defned }}', '1:14 defned', 'There is no test named "defned".', 'did you mean "defined"?'],
    ['{% fro order in orders %}', '1:4 fro', 'There is no tag named "fro".', 'did you mean "for"?'],
    ['{% endfor %}', '1:4 endfor', '"endfor" closes nothing: no block is open here.', undefined],
    ['{% set 1 = 2 %}', '1:8 1', 'A value cannot be assigned to "1".', undefined],
    ['{% set none = 2 %}', '1:8 none', 'A value cannot be assigned to "none".', undefined],
    ['{% for order of orders %}{% endfor %}', '1:14 of', 'Expected "in" but found "of".', undefined],
    ['{% break %}', '1:4 break', '"break" is only possible inside a "for".', undefined],
    [
      '{% macro cents(a=1, b) %}{% endmacro %}',
      '1:21 b',
      '"b" needs a default, because the parameter before it has one.',
      undefined,
    ],
    ['{% call cents %}{% endcall %}', '1:9 cents', '"call" needs the call of a macro.', undefined],
    [
      "{% include 'a.sql' %}",
      '1:4 include',
      '"include" is not available: a template cannot use other files.',
      'share SQL with a macro in the macros folder',
    ],
    [
      "{% materialization delta, adaptr='duckdb' %}{% endmaterialization %}",
      '1:27 adaptr',
      'A materialization has no option "adaptr".',
      'did you mean "adapter"?',
    ],
  ])('%s', (text, place, message, hint) => {
    const diagnostic = problemIn(text)
    expect(diagnostic.code).toBe('template-syntax')
    expect(placeOf(diagnostic)).toBe(place)
    expect(diagnostic.message).toBe(message)
    expect(diagnostic.hint).toBe(hint)
  })

  test.each([
    ['a\n{% if paid %}\nb', '2:1 {% if paid %}', 'if', 'endif'],
    ['{% if paid %}a{% elif late %}b{% else %}c', '1:1 {% if paid %}', 'if', 'endif'],
    ['{% for order in orders %}a{% else %}b', '1:1 {% for order in orders %}', 'for', 'endfor'],
    ['{% if a %}{% set note %}text', '1:11 {% set note %}', 'set', 'endset'],
    ['{% macro cents(a) %}', '1:1 {% macro cents(a) %}', 'macro', 'endmacro'],
    ['{% call cents() %}', '1:1 {% call cents() %}', 'call', 'endcall'],
    ['{% filter upper %}', '1:1 {% filter upper %}', 'filter', 'endfilter'],
    ['{% with a = 1 %}', '1:1 {% with a = 1 %}', 'with', 'endwith'],
    ['{% snapshot orders %}', '1:1 {% snapshot orders %}', 'snapshot', 'endsnapshot'],
  ])('points at the opening of a block that is never closed: %s', (text, place, block, closing) => {
    const diagnostic = problemIn(text)
    expect(placeOf(diagnostic)).toBe(place)
    expect(diagnostic.message).toBe(`"${block}" is never closed: the file ends while looking for "${closing}".`)
    expect(diagnostic.hint).toBe(`add "{% ${closing} %}" where the block ends`)
  })

  test('names the block that is open where another one is closed', () => {
    const diagnostic = problemIn('{% if paid %}\n  {% for order in orders %}\n{% endif %}')
    expect(placeOf(diagnostic)).toBe('3:4 endif')
    expect(diagnostic.message).toBe('"endif" does not fit here: the "for" before it is still open.')
    expect(diagnostic.hint).toBe('close it with "{% endfor %}" first')
    expect(diagnostic.related?.map(({ message, place }) => [message, place && describePlace(place)])).toEqual([
      ['the "for" that is open', 'models/orders.sql:2:3'],
    ])
  })

  test('counts carriage returns in its places', () => {
    expect(placeOf(problemIn('select\r\n  1,\r\n  {{ amount total }}\r\n'))).toBe('3:13 total')
  })

  test('counts places of a part of a file in the whole file', () => {
    const file = { path: 'models/orders.sql', text: 'ignored {{\n{{ amount total }}' }
    expect(placeOf(thrownBy(() => parseTemplate(file, { start: 11, end: 29 })))).toBe('2:11 total')
  })
})

test('an unknown filter in a branch is left to the render, as in Jinja', () => {
  expect(() => parseTemplate({ path: 'a.sql', text: '{% if never %}{{ x | rond }}{% endif %}' })).not.toThrow()
})

function problemIn(text: string): Diagnostic {
  return thrownBy(() => parseTemplate({ path: 'models/orders.sql', text }))
}

function thrownBy(run: () => unknown): Diagnostic {
  try {
    run()
  } catch (error) {
    if (error instanceof UserError && error.diagnostics.length === 1) return error.diagnostics[0]!
    throw error
  }
  throw new Error('nothing was thrown')
}

function placeOf({ place }: Diagnostic): string {
  if (!place) return 'nowhere'
  return `${describePlace(place).replace('models/orders.sql:', '')} ${place.file.text.slice(place.start, place.end)}`
}
