import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { UserError } from '../diagnostics/errors.ts'
import { type Criterion, parseSelector } from './selector.ts'

describe('a word', () => {
  test.each<[string, Partial<Criterion>]>([
    ['orders', { method: 'fqn', value: 'orders' }],
    ['gold.orders', { method: 'fqn', value: 'gold.orders' }],
    ['models/gold', { method: 'path', value: 'models/gold' }],
    ['orders.sql', { method: 'file', value: 'orders.sql' }],
    ['ORDERS.SQL', { method: 'file', value: 'ORDERS.SQL' }],
    ['tag:nightly', { method: 'tag', value: 'nightly' }],
    ['config.meta.owner:ana', { method: 'config', args: ['meta', 'owner'], value: 'ana' }],
    ['source:web.visits', { method: 'source', value: 'web.visits' }],
    ['+orders', { value: 'orders', parents: Number.POSITIVE_INFINITY }],
    ['orders+', { value: 'orders', children: Number.POSITIVE_INFINITY }],
    ['2+orders+1', { value: 'orders', parents: 2, children: 1 }],
    ['@orders', { value: 'orders', withChildrensParents: true }],
    ['3+tag:nightly+', { method: 'tag', value: 'nightly', parents: 3, children: Number.POSITIVE_INFINITY }],
    ['a+b', { value: 'a+b' }],
  ])('"%s" is a criterion', (text, expected) => {
    const defaults = { kind: 'criterion', text, method: 'fqn', args: [], withChildrensParents: false }
    expect(parseSelector({ select: [text] })).toEqual({
      kind: 'union',
      parts: [{ kind: 'intersection', text, parts: [{ ...defaults, ...expected }] }],
    })
  })
})

test('words are united, also over several options, and commas intersect', () => {
  expect(shape(parseSelector({ select: ['orders  tag:a,tag:b', 'customers'] }))).toBe(
    'union(intersection(orders), intersection(tag:a, tag:b), intersection(customers))',
  )
})

test('what is excluded is taken away at the end', () => {
  expect(shape(parseSelector({ select: ['+orders'], exclude: ['customers'] }))).toBe(
    'difference(union(intersection(+orders)), union(intersection(customers)))',
  )
})

test('nothing said is everything', () => {
  expect(parseSelector({})).toEqual({ kind: 'everything' })
  expect(shape(parseSelector({ exclude: ['orders'] }))).toBe('difference(everything, union(intersection(orders)))')
})

describe('a mistake', () => {
  test('in the name of a method is answered with the nearest one', () => {
    expect(problemsOf('tags:nightly')).toEqual([
      {
        code: 'selector-method-not-found',
        severity: 'error',
        message: 'There is no selection method "tags", in the selector "tags:nightly".',
        hint: 'did you mean "tag"?',
      },
    ])
  })

  test('of every word is told at once', () => {
    expect(problemsOf('@orders+', 'tag:', 'a,,b', '').map(({ code, message }) => [code, message])).toEqual([
      ['selector-at-plus', 'The selector "@orders+" has both "@" in front and "+" behind.'],
      ['selector-empty', 'The selector "tag:" names nothing.'],
      ['selector-empty', 'The selector "" in "a,,b" names nothing.'],
    ])
    expect(problemsOf(' ').map(({ code }) => code)).toEqual(['selector-empty'])
  })
})

function shape(selector: ReturnType<typeof parseSelector>): string {
  switch (selector.kind) {
    case 'everything':
      return 'everything'
    case 'criterion':
      return selector.text
    case 'difference':
      return `difference(${shape(selector.from)}, ${shape(selector.without)})`
    default:
      return `${selector.kind}(${selector.parts.map(shape).join(', ')})`
  }
}

function problemsOf(...select: readonly string[]): readonly Diagnostic[] {
  try {
    parseSelector({ select })
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics
    throw error
  }
  return []
}
