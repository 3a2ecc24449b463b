import fc from 'fast-check'
import { expect, test } from 'vitest'
import { belowAllFinder } from './below-all.ts'
import { createDag, type Edge } from './dag.ts'

test('only the first nodes below all of several are found', () => {
  const dag = createDag(['orders', 'customers', 'report', 'board', 'billing', 'mail'], [
    ['orders', 'report'],
    ['customers', 'report'],
    ['report', 'board'],
    ['orders', 'billing'],
    ['billing', 'mail'],
    ['customers', 'mail'],
  ] as Edge<string>[])
  const find = belowAllFinder(dag)
  expect(find(['orders', 'customers'])).toEqual(['mail', 'report'])
  expect(find(['orders', 'billing'])).toEqual(['mail'])
  expect(find(['orders'])).toEqual(['billing', 'report'])
  expect(find(['board', 'orders'])).toEqual([])
  expect(find([])).toEqual([])
})

test('any graph: found are those below all that have nothing below all above them', () => {
  const node = fc.nat(11).map((number) => `n${number}`)
  const rank = (id: string) => Number(id.slice(1))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(node, node), { maxLength: 24 }),
      fc.array(fc.uniqueArray(node, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
      (pairs, questions) => {
        const edges = pairs.filter(([from, to]) => rank(from) < rank(to))
        const dag = createDag(
          Array.from({ length: 12 }, (_, index) => `n${index}`),
          edges,
        )
        const find = belowAllFinder(dag)
        for (const parents of questions) {
          const isBelowAll = (id: string) => parents.every((parent) => dag.descendants(parent).includes(id))
          const expected = dag.topologicalOrder().filter((id) => isBelowAll(id) && !dag.ancestors(id).some(isBelowAll))
          expect(find(parents)).toEqual([...expected].sort())
        }
      },
    ),
  )
})
