import { describe, expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { describePlace, type Span } from '../text/source-file.ts'
import { itemsOf, type LocatedValue } from './located-value.ts'
import { parseYaml } from './yaml.ts'

function parse(text: string): LocatedValue {
  return parseYaml({ path: 'models/orders.yml', text })
}

function problemsOf(text: string): string {
  try {
    parse(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `\n${error.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n\n')}\n`
  }
  return 'no problems'
}

function textAt({ file, start, end }: Span): string {
  return file.text.slice(start, end)
}

test('plain data comes back, and an empty file is null', () => {
  expect(parse("a: 1\nb: [x, 'y', 1.5, true, null]\nc: { d: 2020-01-05 }\ne:\n").value).toEqual({
    a: 1,
    b: ['x', 'y', 1.5, true, null],
    c: { d: '2020-01-05' },
    e: null,
  })
  expect(parse('# nothing\n').value).toBe(null)
})

test('words that YAML 1.1 makes booleans stay words', () => {
  expect(parse('[yes, no, on, off, y, n]').value).toEqual(['yes', 'no', 'on', 'off', 'y', 'n'])
})

test('integers that JavaScript would round stay text', () => {
  expect(parse('[9007199254740991, 9007199254740993, -12345678901234567890]').value).toEqual([
    9007199254740991,
    '9007199254740993',
    '-12345678901234567890',
  ])
})

test('every value and every key knows its place', () => {
  const column = parse('models:\n  - name: orders\n    columns:\n      - name: "id"\n        tests: [unique]\n')
    .child('models')
    .child(0)
    .child('columns')
    .child(0)
  expect(describePlace(column.child('name').place)).toBe('models/orders.yml:4:15')
  expect(textAt(column.child('name').place)).toBe('"id"')
  expect(textAt(column.child('tests').keyPlace)).toBe('tests')
  expect(itemsOf(column.child('tests')).map(({ place }) => textAt(place))).toEqual(['unique'])
  expect(textAt(column.place)).toBe('name: "id"\n        tests: [unique]')
})

test('what anchors and merge keys bring has the place where it was written', () => {
  const file = parse('base: &base { owner: ana, level: 1 }\norders:\n  <<: *base\n  level: 2\nsame: *base\n')
  expect(file.value).toEqual({
    base: { owner: 'ana', level: 1 },
    orders: { owner: 'ana', level: 2 },
    same: { owner: 'ana', level: 1 },
  })
  expect(describePlace(file.child('orders').child('owner').place)).toBe('models/orders.yml:1:22')
  expect(describePlace(file.child('orders').child('level').place)).toBe('models/orders.yml:4:10')
  expect(describePlace(file.child('same').child('owner').place)).toBe('models/orders.yml:1:22')
})

test('a scalar is known as it was written', () => {
  const file = parse('a: 1.0\nb: "1.0"\nc: [1]\n')
  expect([file.child('a').written, file.child('b').written, file.child('c').written]).toEqual(['1.0', '1.0', undefined])
})

test('a key named like a part of every object is a key', () => {
  expect(Object.keys(parse('__proto__: 1\nconstructor: 2\n').value as object)).toEqual(['__proto__', 'constructor'])
})

describe('mistakes', () => {
  test('a tab, a key twice, a colon in a text, a text without end', () => {
    expect(problemsOf('models:\n  - name: orders\n\tcolumns: []\n')).toMatchInlineSnapshot(`
      "
      error[yaml-syntax] models/orders.yml:3:1
        A tab indents this line.

        2 |   - name: orders
        3 |  columns: []
          | ~
        hint: indent YAML with spaces
      "
    `)
    expect(problemsOf('models:\n  - name: orders\n    "name": x\n')).toMatchInlineSnapshot(`
      "
      error[yaml-syntax] models/orders.yml:3:5
        The key "name" is there twice.

        2 |   - name: orders
        3 |     "name": x
          |     ~~~~~~
        hint: keep one of them
      "
    `)
    expect(problemsOf('models:\n  - name: orders\n    description: one: two\n')).toMatchInlineSnapshot(`
      "
      error[yaml-syntax] models/orders.yml:3:18
        This looks like a key inside a value of one line.

        2 |   - name: orders
        3 |     description: one: two
          |                  ~
        hint: put a value that holds ": " in quotes, or a nested key on a line of its own
      "
    `)
    expect(problemsOf("models:\n  - name: 'orders\n")).toMatchInlineSnapshot(`
      "
      error[yaml-syntax] models/orders.yml:3:1
        A text in quotes is never closed.

        2 |   - name: 'orders
        3 |
          | ~
        hint: it starts above this place
      "
    `)
  })

  test('a template without quotes', () => {
    expect(problemsOf("config:\n  schema: {{ var('x') }}\n")).toMatchInlineSnapshot(`
      "
      error[yaml-syntax] models/orders.yml:2:11
        A value that starts with "{{" must stand in quotes.

        1 | config:
        2 |   schema: {{ var('x') }}
          |           ~~~~~~~~~~~~~
        hint: write "{{ … }}"
      "
    `)
    expect(problemsOf("config: { schema: {{ var('x') }} }\n")).toMatchInlineSnapshot(`
      "
      error[yaml-syntax] models/orders.yml:1:19
        A value that starts with "{{" must stand in quotes.

        1 | config: { schema: {{ var('x') }} }
          |                   ~~~~~~~~~~~~~
        hint: write "{{ … }}"
      "
    `)
  })

  test('an anchor that is not there, and a second document', () => {
    expect(problemsOf('description: *bold*\n')).toMatchInlineSnapshot(`
      "
      error[yaml-syntax] models/orders.yml:1:14
        There is no anchor "bold*" above this.

        1 | description: *bold*
          |              ~~~~~~
        hint: put a value that starts with "*" in quotes
      "
    `)
    expect(problemsOf('a: 1\n---\nb: 2\n')).toMatchInlineSnapshot(`
      "
      error[yaml-syntax] models/orders.yml:2:1
        The file holds more than one YAML document.

        1 | a: 1
        2 | ---
          | ~~~
        hint: remove the line "---"
      "
    `)
  })
})
