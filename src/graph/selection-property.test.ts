import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dataTest, exposure, manifestOf, model, seed, source } from '../test/manifest-fixture.ts'
import { checkProperty, PROPERTY_TIMEOUT } from '../test/properties/check-property.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { graphOf } from './from-manifest.ts'
import { type IndirectSelection, select } from './select.ts'
import { parseSelector } from './selector.ts'

/**
 * Selection on graphs and selectors of any kind, against sets of numbers that are made in the simplest way: by walking
 * lists of parents. Nothing here asks the graph or the methods of selection.
 */

const KINDS = ['source', 'seed', 'model', 'model', 'model', 'model', 'test', 'test', 'test', 'exposure'] as const
const STEMS = ['orders', 'bills'] as const
const FOLDERS = ['bronze', 'gold', 'gold/web'] as const
const TAGS = ['daily', 'money'] as const

/** A node of a random graph; its parents have smaller numbers. */
interface Drawn {
  readonly kind: (typeof KINDS)[number]
  readonly name: string
  /** Of models. */
  readonly folder: string
  readonly tags: readonly string[]
  readonly parents: readonly number[]
}

const SIZE = 9

const graph: fc.Arbitrary<readonly Drawn[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      stem: fc.constantFrom(...STEMS),
      folder: fc.constantFrom(...FOLDERS),
      tags: fc.subarray([...TAGS]),
      parents: fc.array(fc.nat(SIZE - 1), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: SIZE, size: 'max' },
  )
  .map((drawn) =>
    drawn.map(({ stem, parents, ...node }, number) => {
      // Nothing reads tests and exposures; sources and seeds read nothing.
      const isRead = (parent: number) => !['test', 'exposure'].includes(drawn[parent]?.kind ?? '')
      const reads = number > 0 && node.kind !== 'source' && node.kind !== 'seed'
      const earlier = reads ? [...new Set(parents.map((parent) => parent % number))] : []
      return { ...node, name: `${stem}_${number}`, parents: earlier.filter(isRead) }
    }),
  )

/** What a word without operators claims of a node, by its text. Any other text is the name of a node. */
const MEANINGS: Readonly<Record<string, (node: Drawn) => boolean>> = {
  'orders_*': (node) => node.name.startsWith('orders_') && !isSource(node),
  '*_[0-3]': (node) => /_[0-3]$/.test(node.name) && !isSource(node),
  gold: (node) => isModel(node) && node.folder.startsWith('gold'),
  'gold.web': (node) => isModel(node) && node.folder === 'gold/web',
  'shop.gold.*': (node) => isModel(node) && node.folder.startsWith('gold'),
  'tag:daily': (node) => node.tags.includes('daily'),
  'tag:*': (node) => node.tags.length > 0,
  'tag:m?ney': (node) => node.tags.includes('money'),
  'path:models/gold': (node) => isModel(node) && node.folder.startsWith('gold'),
  'models/*/*.sql': (node) => isModel(node) && !node.folder.includes('/'),
  'path:models/**/web': (node) => isModel(node) && node.folder === 'gold/web',
  'seeds/': ({ kind }) => kind === 'seed',
  'source:web': (node) => isSource(node),
  'exposure:orders*': ({ kind, name }) => kind === 'exposure' && name.startsWith('orders'),
  'resource_type:test': ({ kind }) => kind === 'test',
  'resource_type:model': (node) => isModel(node),
  'package:this': () => true,
}

function isSource({ kind }: Drawn): boolean {
  return kind === 'source'
}

function isModel({ kind }: Drawn): boolean {
  return kind === 'model'
}

/** A part of a selector: `2+orders_3+1`. */
interface Word {
  readonly value: string
  readonly at: boolean
  readonly up: number | undefined
  readonly down: number | undefined
}

/** More levels than any graph here has: a bare `+`. */
const ANY_DEPTH = SIZE

const value = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...STEMS), fc.nat(SIZE - 1)).map(([stem, number]) => `${stem}_${number}`),
  },
  { weight: 1, arbitrary: fc.constantFrom(...Object.keys(MEANINGS)) },
)
const depth = fc.constantFrom(undefined, undefined, 0, 1, 2, ANY_DEPTH)
const word: fc.Arbitrary<Word> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ value, at: fc.constant(false), up: depth, down: depth }) },
  {
    weight: 1,
    arbitrary: fc.record({ value, at: fc.constant(true), up: fc.constant(undefined), down: fc.constant(undefined) }),
  },
)

function textOf({ value, at, up, down }: Word): string {
  const plus = (levels: number) => (levels === ANY_DEPTH ? '' : String(levels))
  return `${at ? '@' : ''}${up === undefined ? '' : `${plus(up)}+`}${value}${down === undefined ? '' : `+${plus(down)}`}`
}

/** Words that are intersected, and these united. */
const union = fc.array(fc.array(word, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 })
type Union = readonly (readonly Word[])[]

function wordsOf(parts: Union): readonly string[] {
  return parts.map((words) => words.map(textOf).join(','))
}

type Numbers = ReadonlySet<number>

/** The numbers of the nodes that Lavra selects, in the order of the graph. */
function selected(
  nodes: readonly Drawn[],
  words: { readonly select?: readonly string[]; readonly exclude?: readonly string[] },
  indirect: IndirectSelection = 'empty',
): Numbers {
  const items: ReturnType<typeof itemOf>[] = []
  for (const node of nodes) {
    const parents = node.parents.map((parent) => items[parent]!.id)
    items.push(itemOf(node, parents))
  }
  const manifest = manifestOf(items)
  const { ids } = select(parseSelector(words), { manifest, dag: graphOf(manifest), indirect })
  return new Set([...ids].map((id) => items.findIndex((item) => item.id === id)))
}

function itemOf({ kind, name, folder, tags }: Drawn, parents: readonly UniqueId[]) {
  switch (kind) {
    case 'source':
      return source('web', name, { config: { tags } })
    case 'seed':
      return seed(name, { config: { tags } })
    case 'model':
      return model(name, parents, { file: `models/${folder}/${name}.sql`, config: { tags } })
    case 'test':
      return dataTest(name, parents, { config: { tags } })
    case 'exposure':
      return exposure(name, parents, { tags })
  }
}

/** The nodes that a word means. */
function meant(nodes: readonly Drawn[], { value, at, up, down }: Word): Numbers {
  const holds = MEANINGS[value] ?? ((node: Drawn) => node.name === value && !isSource(node))
  const own = new Set(nodes.flatMap((node, number) => (holds(node) ? [number] : [])))
  if (at) {
    const withBelow = own.union(below(nodes, own, ANY_DEPTH))
    return withBelow.union(above(nodes, withBelow, ANY_DEPTH))
  }
  return own.union(above(nodes, own, up ?? 0)).union(below(nodes, own, down ?? 0))
}

function meantByAll(nodes: readonly Drawn[], parts: Union): Numbers {
  return parts
    .map((words) => words.map((each) => meant(nodes, each)).reduce((a, b) => a.intersection(b)))
    .reduce((a, b) => a.union(b))
}

function above(nodes: readonly Drawn[], from: Numbers, levels: number): Numbers {
  const reached = new Set<number>()
  let step = from
  for (let level = 0; level < levels; level++) {
    step = new Set([...step].flatMap((number) => nodes[number]!.parents))
    for (const number of step) reached.add(number)
  }
  return reached
}

function below(nodes: readonly Drawn[], from: Numbers, levels: number): Numbers {
  const reached = new Set<number>()
  let step = from
  for (let level = 0; level < levels; level++) {
    const last = step
    step = new Set(nodes.flatMap(({ parents }, number) => (parents.some((parent) => last.has(parent)) ? [number] : [])))
    for (const number of step) reached.add(number)
  }
  return reached
}

describe('without the tests that come along', () => {
  test('a word means what it says, with what its operators reach', { timeout: PROPERTY_TIMEOUT }, () =>
    checkProperty(
      fc.property(graph, word, (nodes, each) => {
        expect(selected(nodes, { select: [textOf(each)] })).toEqual(meant(nodes, each))
      }),
      400,
    ),
  )

  test('spaces unite, commas intersect, --exclude takes away', { timeout: PROPERTY_TIMEOUT }, () =>
    checkProperty(
      fc.property(graph, union, fc.option(union), (nodes, from, without) => {
        const expected = meantByAll(nodes, from).difference(without ? meantByAll(nodes, without) : new Set())
        const exclude = without ? { exclude: [wordsOf(without).join(' ')] } : {}
        expect(selected(nodes, { select: wordsOf(from), ...exclude })).toEqual(expected)
      }),
      400,
    ),
  )

  test('the laws of sets hold', { timeout: PROPERTY_TIMEOUT }, () =>
    checkProperty(
      fc.property(graph, word, word, word, (nodes, first, second, third) => {
        const [a, b, c] = [textOf(first), textOf(second), textOf(third)]
        const same = (one: string, other: string) =>
          expect(selected(nodes, { select: [one] }), `${one} = ${other}`).toEqual(selected(nodes, { select: [other] }))
        same(`${a} ${b}`, `${b} ${a}`)
        same(`${a},${b}`, `${b},${a}`)
        same(`${a} ${a}`, a)
        same(`${a},${a}`, a)
        same(`${a} ${a},${b}`, a)
        same(`${a},${b} ${a},${c}`, `${a},${c} ${a},${b}`)
        const without = (exclude: string) => selected(nodes, { select: [a], exclude: [exclude] })
        expect(without(`${b} ${c}`)).toEqual(without(b).intersection(without(c)))
        expect(without(`${b},${c}`)).toEqual(without(b).union(without(c)))
        expect(without(a)).toEqual(new Set())
        expect(selected(nodes, { exclude: [a] }).union(selected(nodes, { select: [a] }))).toEqual(selected(nodes, {}))
      }),
      200,
    ),
  )

  test(
    'more levels reach more, and all of them reach everything; +x+ is +x and x+; @x is x+ and all above',
    { timeout: PROPERTY_TIMEOUT },
    () =>
      checkProperty(
        fc.property(graph, value, fc.nat(3), (nodes, x, levels) => {
          const of = (text: string) => selected(nodes, { select: [text] })
          expect(of(`0+${x}`)).toEqual(of(x))
          expect(of(`${levels}+${x}`).isSubsetOf(of(`${levels + 1}+${x}`))).toBe(true)
          expect(of(`${x}+${levels}`).isSubsetOf(of(`${x}+${levels + 1}`))).toBe(true)
          expect(of(`${ANY_DEPTH}+${x}+${ANY_DEPTH}`)).toEqual(of(`+${x}+`))
          expect(of(`+${x}+`)).toEqual(of(`+${x} ${x}+`))
          const withBelow = of(`${x}+`)
          expect(of(`@${x}`)).toEqual(withBelow.union(above(nodes, withBelow, ANY_DEPTH)))
        }),
        200,
      ),
  )

  test('what is selected comes in the order of the graph', { timeout: PROPERTY_TIMEOUT }, () =>
    checkProperty(
      fc.property(graph, union, (nodes, parts) => {
        const order = [...selected(nodes, {})]
        const chosen = [...selected(nodes, { select: wordsOf(parts) })]
        expect(chosen).toEqual(order.filter((number) => chosen.includes(number)))
        for (const [place, number] of order.entries()) {
          for (const parent of nodes[number]!.parents) expect(order.indexOf(parent)).toBeLessThan(place)
        }
      }),
      100,
    ),
  )
})

describe('with the tests that come along', () => {
  const MODES = ['empty', 'cautious', 'buildable', 'eager'] as const

  test('each mode brings at least what the one before it brings, and only tests', { timeout: PROPERTY_TIMEOUT }, () =>
    checkProperty(
      fc.property(graph, union, (nodes, parts) => {
        const of = (mode: IndirectSelection) => selected(nodes, { select: wordsOf(parts) }, mode)
        for (const [index, mode] of MODES.slice(1).entries()) {
          const less = of(MODES[index]!)
          const more = of(mode)
          expect(less.isSubsetOf(more)).toBe(true)
          for (const number of more.difference(less)) expect(nodes[number]!.kind).toBe('test')
        }
      }),
      500,
    ),
  )

  test('united words bring the tests that the mode says, of all of them together', { timeout: PROPERTY_TIMEOUT }, () =>
    checkProperty(
      fc.property(
        graph,
        fc.array(word, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...MODES),
        (nodes, words, mode) => {
          const own = meantByAll(
            nodes,
            words.map((each) => [each]),
          )
          const accepted = { empty: own, cautious: own, buildable: own.union(buildableWith(nodes, own)), eager: own }[
            mode
          ]
          const comesAlong = ({ kind, parents }: Drawn) =>
            kind === 'test' &&
            mode !== 'empty' &&
            parents.some((parent) => own.has(parent)) &&
            (mode === 'eager' || parents.every((parent) => accepted.has(parent)))
          const along = nodes.flatMap((node, number) => (comesAlong(node) ? [number] : []))
          expect(selected(nodes, { select: words.map(textOf) }, mode)).toEqual(own.union(new Set(along)))
        },
      ),
      1500,
    ),
  )

  test('in every mode, --exclude takes away what it would select', { timeout: PROPERTY_TIMEOUT }, () =>
    checkProperty(
      fc.property(graph, union, union, fc.constantFrom(...MODES), (nodes, from, without, mode) => {
        const of = (words: Parameters<typeof selected>[1]) => selected(nodes, words, mode)
        const [include, exclude] = [wordsOf(from), wordsOf(without)]
        expect(of({ select: include, exclude })).toEqual(of({ select: include }).difference(of({ select: exclude })))
      }),
      500,
    ),
  )
})

/** What stands above a selection, and every source. */
function buildableWith(nodes: readonly Drawn[], own: Numbers): Numbers {
  const sources = nodes.flatMap((node, number) => (isSource(node) ? [number] : []))
  return above(nodes, own, ANY_DEPTH).union(new Set(sources))
}
