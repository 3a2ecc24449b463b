import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UserError } from '../../diagnostics/errors.ts'
import type { Span } from '../../text/source-file.ts'
import { entriesOf, itemsOf, type LocatedValue } from '../located-value.ts'
import { parseAnyYaml } from '../yaml.ts'
import { readPlainYaml } from './read.ts'

const PROPERTIES = `# Orders of the shop.
version: 2

models:
  - name: orders
    description: >
      Paid orders,
      cleaned.
    config: { tags: [daily, 'area 1'], materialized: "table" }
    columns:
      # The key.
      - name: order_id
        data_tests: [not_null, unique]
      - name: status
        data_tests:
        - accepted_values:
            arguments: { values: [paid, open, 1.5, 12, true, null] }

  - name: customers
    description: "Buyers: all"
`

test('a file as most are is plain, and what is read of it is what the library reads', () => {
  const plain = read(PROPERTIES)
  expect(plain && describe(plain)).toEqual(describe(parseAnyYaml({ path: 'models/orders.yml', text: PROPERTIES })))
})

test.each([
  ['an anchor', 'a: &a x'],
  ['a merge', '<<: x'],
  ['a value that goes on', 'a: x\n  y'],
  ['a list of lists', 'a:\n  - - x'],
  ['a comment behind a value', 'a: x # y'],
  ['a comment in another column', 'a: x\n  # y\nb: z'],
  ['a key twice', 'a: x\na: y'],
  ['a key that is no name', '1: x'],
  ['a key without value', 'a:'],
  ['a number of an unusual kind', 'a: 0x1f'],
  ['a quote in quotes', "a: 'it''s'"],
  ['an escape', 'a: "\\n"'],
  ['a text with an empty line', 'a: |\n  x\n\n  y\n'],
  ['a tab', 'a:\tx'],
  ['the end of line of another system', 'a: x\r\n'],
  ['nothing', ''],
])('%s is not plain', (_, text) => {
  expect(read(text)).toBeUndefined()
})

test('whatever is read, the library reads the same', () => {
  let plain = 0
  fc.assert(
    fc.property(fc.oneof(DOCUMENT, DAMAGED), (text) => {
      const found = read(text)
      if (!found) return
      plain += 1
      expect(describe(found)).toEqual(describe(byLibrary(text)))
    }),
    { numRuns: 3000, seed: 7 },
  )
  expect(plain).toBeGreaterThan(500)
})

function read(text: string): LocatedValue | undefined {
  return readPlainYaml(text, { path: 'models/orders.yml', text })
}

function byLibrary(text: string): LocatedValue {
  try {
    return parseAnyYaml({ path: 'models/orders.yml', text })
  } catch (error) {
    throw error instanceof UserError
      ? new Error(`The library refuses ${JSON.stringify(text)}.`, { cause: error })
      : error
  }
}

/** Everything that can be asked of a value and of all that is in it. */
function describe(at: LocatedValue): unknown {
  const { value, key, written } = at
  const inside = [...itemsOf(at), ...entriesOf(at).map(([, child]) => child)]
  return { value, key, written, place: ends(at.place), keyPlace: ends(at.keyPlace), inside: inside.map(describe) }
}

function ends({ start, end }: Span): readonly number[] {
  return [start, end]
}

/** A written value. The first line of a scalar stands behind its key; a map or list starts below it. */
interface Written {
  readonly isScalar: boolean
  readonly lines: readonly string[]
}

function scalar(...lines: readonly string[]): Written {
  return { isScalar: true, lines }
}

const ONE_LINE = [
  ...['x', 'not_null', 'some words', 'x  ', '12 days', 'a:b', 'http://x', '(y)', 'é à', 'it, is', 'a#b', '1', '007'],
  ...['1.5', 'null', 'True', "'q # r'", '"d: e"', "''", '[a, b]', "[ 1 ,'b' ]", '[]', '{}', '{ a: 1, b: [x, {c: y}] }'],
]
const UNUSUAL = ['x: y', 'x # c', '-1', '1e3', '*a', '2020-01-01', '[a,]', '- x', '{ a }', '.5', '~', '']

const SCALAR = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...ONE_LINE).map((line) => scalar(line)) },
  { weight: 1, arbitrary: fc.constantFrom(...UNUSUAL).map((line) => scalar(line)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('>', '|', '>-', '|-'),
        fc.array(fc.constantFrom('  select 1', '  # no comment', '  - x: y'), { minLength: 1, maxLength: 3 }),
      )
      .map(([header, lines]) => scalar(header, ...lines)),
  },
)
/** What may stand before a key or an item. */
const BETWEEN = fc.oneof(
  { weight: 8, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.constantFrom([''], ['# note'], ['', '# note', '# more', ''], ['   ']) },
)
const KEY = fc.constantFrom('a', 'b', 'c', 'name', '+tags', 'x.y', 'a-b', '_z')
const STEP = fc.constantFrom('  ', '  ', '  ', ' ', '    ')

const { map: MAP } = fc.letrec<{ map: Written; list: Written; value: Written; item: Written }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, SCALAR, tie('map'), tie('list')),
  item: fc.oneof({ maxDepth: 3 }, SCALAR, tie('map')),
  map: fc
    .tuple(
      fc.uniqueArray(fc.tuple(KEY, tie('value'), BETWEEN), { minLength: 1, maxLength: 4, selector: ([key]) => key }),
      STEP,
    )
    .map(([entries, step]) => block(entries.map(([key, value, before]) => [before, entry(key, value, step)]))),
  list: fc
    .tuple(fc.array(fc.tuple(tie('item'), BETWEEN), { minLength: 1, maxLength: 3 }), fc.constantFrom('', '  '))
    .map(([items, margin]) =>
      block(
        items.map(([value, before]) => [before, item(value)]),
        margin,
      ),
    ),
}))

/** Nothing stands before the first part, which may have to stand behind a dash. */
function block(
  parts: readonly (readonly [before: readonly string[], lines: readonly string[]])[],
  margin = '',
): Written {
  const lines = parts.flatMap(([before, own], index) => (index === 0 ? own : [...before, ...own]))
  return { isScalar: false, lines: indented(lines, margin) }
}

function entry(key: string, { isScalar, lines }: Written, step: string): readonly string[] {
  if (isScalar) return [`${key}: ${lines[0]}`, ...lines.slice(1)]
  const isList = lines[0]!.trimStart().startsWith('-')
  return [`${key}:`, ...(isList ? lines : indented(lines, step))]
}

function item({ lines }: Written): readonly string[] {
  return [`- ${lines[0]}`, ...indented(lines.slice(1), '  ')]
}

function indented(lines: readonly string[], margin: string): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `${margin}${line}`))
}

const DOCUMENT = MAP.map(({ lines }) => `${lines.join('\n')}\n`)

const DAMAGE = fc.tuple(
  fc.nat(),
  fc.constantFrom(
    ...[
      '',
      ' ',
      '  ',
      '\n',
      '\n\n',
      '#',
      '# c\n',
      '  # c\n',
      ' # c',
      '- ',
      ':',
      ': ',
      "'",
      '"',
      '[',
      ']',
      '{',
      '}',
      ',',
    ],
    ...['>\n', '|\n', '|-\n      x\n', '---\n', '...', '&a ', '*a', '\t', '\r\n', '\u00a0', '\u2028', 'null: ', '<<: '],
  ),
  fc.boolean(),
)

/** A document of which some characters were replaced, or into which some were put. */
const DAMAGED = fc.tuple(DOCUMENT, fc.array(DAMAGE, { minLength: 1, maxLength: 3 })).map(([document, damages]) =>
  damages.reduce((text, [somewhere, piece, replaces]) => {
    const at = somewhere % (text.length + 1)
    return text.slice(0, at) + piece + text.slice(at + (replaces ? 1 : 0))
  }, document),
)
