import { expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { describePlace, type Span } from '../text/source-file.ts'
import { type BlockKind, splitBlocks } from './index.ts'

const ALL: readonly BlockKind[] = ['macro', 'test', 'data_test', 'materialization', 'snapshot', 'docs']

test('finds the blocks of a file with their exact places', () => {
  const text =
    '-- money\n{% macro cents(a) -%}\n  {{ a }}\n{%- endmacro %}\n\n{% docs orders %}\nOne row per order.\n{% enddocs %}\n'
  expect(split(text)).toEqual([
    {
      kind: 'macro',
      name: 'cents',
      place: '2:1 {% macro cents(a) -%}\n  {{ a }}\n{%- endmacro %}',
      nameSpan: '2:10 cents',
      content: '2:22 \n  {{ a }}\n',
    },
    {
      kind: 'docs',
      name: 'orders',
      place: '6:1 {% docs orders %}\nOne row per order.\n{% enddocs %}',
      nameSpan: '6:9 orders',
      content: '6:18 \nOne row per order.\n',
    },
  ])
})

test('ignores whatever stands between blocks, and blocks in comments, raw text and strings', () => {
  const text = `{% #### %} {% https://shop.example %} {{ 'a' }}
{# {% macro hidden() %}{% endmacro %} #}
{% raw %}{% macro raw() %}{% endmacro %}{% endraw %}
{{ "{% macro quoted() %}{% endmacro %}" }}
{% macro cents() %}{{ '%}' }}{# {% endmacro %} #}{% endmacro %}`
  expect(split(text).map(({ name }) => name)).toEqual(['cents'])
})

test('finds only the kinds that are asked for', () => {
  const text = '{% test positive(model) %}{% endtest %}{% snapshot orders_history %}{% endsnapshot %}'
  expect(split(text, ['snapshot']).map(({ kind, name }) => [kind, name])).toEqual([['snapshot', 'orders_history']])
})

test('lets a macro hold the tags of another kind of block', () => {
  expect(
    split(
      '{% macro a() %}{% if x %}{% endif %}{% for y in z %}{% endfor %}{% endmacro %}{% macro b() %}{% endmacro %}',
    ),
  ).toHaveLength(2)
})

test.each([
  [
    'a\n{% macro cents() %}',
    '2:1 {% macro cents() %}',
    '"macro" is never closed: the file ends while looking for "endmacro".',
  ],
  [
    '{% macro a() %}{% macro b() %}{% endmacro %}',
    '1:16 {% macro b() %}',
    'A "macro" cannot stand inside the "macro" before it.',
  ],
  ['{% if x %}{% macro a() %}{% endmacro %}{% endif %}', '1:11 {% macro a() %}', 'A "macro" cannot stand inside "if".'],
  ['{% macro %}{% endmacro %}', '1:1 {% macro %}', 'This "macro" has no name.'],
  ['{# note', '1:1 {#', 'This comment is never closed: the file ends while looking for "#}".'],
  ["{% macro a(b='c) %}", "1:14 '", "This string is never closed: the file ends while looking for '."],
  ['{% macro a(', '1:1 {%', '"{%" is never closed: the file ends while looking for "%}".'],
  ['{% raw %}{% macro a() %}', '1:1 {%', '"raw" is never closed: the file ends while looking for "endraw".'],
])('refuses %s', (text, place, message) => {
  expect(() => split(text)).toThrow(message)
  expect(placeOfProblem(() => split(text))).toBe(place)
})

function split(text: string, kinds = ALL) {
  return splitBlocks({ path: 'macros/money.sql', text }, kinds).map(({ kind, name, place, nameSpan, content }) => ({
    kind,
    name,
    place: describe(place),
    nameSpan: describe(nameSpan),
    content: describe(content),
  }))
}

function describe(place: Span): string {
  return `${describePlace(place).replace('macros/money.sql:', '')} ${place.file.text.slice(place.start, place.end)}`
}

function placeOfProblem(run: () => unknown): string | undefined {
  try {
    run()
  } catch (error) {
    const place = error instanceof UserError ? error.diagnostics[0]?.place : undefined
    return place && describe(place)
  }
  return undefined
}
