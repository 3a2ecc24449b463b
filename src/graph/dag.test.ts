import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDag, type Dag, type Edge } from './dag.ts'

// seeds → staging → marts, with a way around staging:
//
//   raw_orders ──→ stg_orders ──→ orders ──→ report
//        └───────────────────────↗
//   raw_customers → customers ─↗
const shop = createDag(
  ['raw_orders', 'raw_customers', 'stg_orders', 'customers', 'orders', 'report'],
  [
    ['raw_orders', 'stg_orders'],
    ['raw_orders', 'orders'],
    ['stg_orders', 'orders'],
    ['raw_customers', 'customers'],
    ['customers', 'orders'],
    ['orders', 'report'],
  ],
)

describe('a graph of the shop', () => {
  test('orders nodes by level and then id', () => {
    expect(shop.levels).toEqual([['raw_customers', 'raw_orders'], ['customers', 'stg_orders'], ['orders'], ['report']])
    expect(shop.topologicalOrder()).toEqual([
      'raw_customers',
      'raw_orders',
      'customers',
      'stg_orders',
      'orders',
      'report',
    ])
    expect(shop.level('orders')).toBe(2)
  })

  test('knows neighbours by id', () => {
    expect(shop.parents('orders')).toEqual(['customers', 'raw_orders', 'stg_orders'])
    expect(shop.children('raw_orders')).toEqual(['orders', 'stg_orders'])
    expect(shop.parents('raw_orders')).toEqual([])
  })

  test('reaches up and down as far as asked, the nearest first', () => {
    expect(shop.ancestors('report')).toEqual(['orders', 'customers', 'raw_orders', 'stg_orders', 'raw_customers'])
    expect(shop.ancestors('report', 1)).toEqual(['orders'])
    expect(shop.ancestors('report', 0)).toEqual([])
    expect(shop.descendants('raw_customers', 2)).toEqual(['customers', 'orders'])
    expect(shop.descendants(['stg_orders', 'customers'])).toEqual(['orders', 'report'])
  })

  test('contracts the way through nodes that are left out', () => {
    const contracted = shop.contract(new Set(['raw_orders', 'raw_customers', 'report'] as const))
    expect(contracted.edges()).toEqual([
      ['raw_customers', 'report'],
      ['raw_orders', 'report'],
    ])
  })

  test('takes more edges without changing', () => {
    const more = shop.withEdges([['raw_customers', 'stg_orders']])
    expect(more.parents('stg_orders')).toEqual(['raw_customers', 'raw_orders'])
    expect(shop.parents('stg_orders')).toEqual(['raw_orders'])
  })

  test('refuses an edge to a node that it does not have', () => {
    expect(() => createDag(['orders'], [['orders', 'refunds'] as Edge<string>])).toThrow(
      'Internal error: the edge orders → refunds leaves the graph',
    )
  })
})

describe('a cycle', () => {
  test('is found shortest first, and starts with its smallest id', () => {
    const dag = createDag(
      ['a', 'b', 'c', 'd', 'e', 'f'],
      [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
        ['f', 'e'],
        ['e', 'f'],
        ['d', 'a'],
      ],
    )
    expect(dag.findCycle()).toEqual(['e', 'f'])
    expect(() => dag.topologicalOrder()).toThrow('Internal error: the graph has a cycle, so it has no order')
  })

  test('can be a node that reads itself', () => {
    expect(createDag(['orders'], [['orders', 'orders']]).findCycle()).toEqual(['orders'])
  })

  test('follows the edges', () => {
    const dag = createDag(
      ['x', 'b', 'm'],
      [
        ['x', 'b'],
        ['b', 'm'],
        ['m', 'x'],
      ],
    )
    expect(dag.findCycle()).toEqual(['b', 'm', 'x'])
  })

  test('is not found where there is none', () => {
    expect(shop.findCycle()).toBeUndefined()
  })
})

describe('a hundred thousand nodes in a row', () => {
  const ids = Array.from({ length: 100_000 }, (_, index) => `n${String(index).padStart(6, '0')}`)
  const chain: Edge<string>[] = ids.slice(1).map((id, index) => [ids[index]!, id])

  test('are ordered and contracted without recursion', () => {
    const dag = createDag(ids, chain)
    expect(dag.levels).toHaveLength(100_000)
    expect(dag.findCycle()).toBeUndefined()
    expect(dag.contract(new Set([ids[0]!, ids.at(-1)!])).edges()).toEqual([['n000000', 'n099999']])
  })

  test('are one cycle when the last leads to the first', () => {
    const ring = createDag(ids, [...chain, [ids.at(-1)!, ids[0]!]])
    expect(ring.findCycle()).toEqual(ids)
  })
})

describe('any graph', () => {
  test('comes with parents before children', () => {
    fc.assert(
      fc.property(randomDag(), (dag) => {
        const rank = new Map(dag.topologicalOrder().map((id, index) => [id, index]))
        expect(rank.size).toBe(dag.size)
        for (const [parent, child] of dag.edges()) expect(rank.get(parent)!).toBeLessThan(rank.get(child)!)
      }),
    )
  })

  test('keeps what is below what when it is contracted', () => {
    fc.assert(
      fc.property(randomDag(), fc.array(fc.nat(11)), (dag, picks) => {
        const kept = new Set(picks.map(name).filter((id) => dag.has(id)))
        const contracted = dag.contract(kept)
        for (const id of kept) {
          const expected = dag.descendants(id).filter((below) => kept.has(below))
          expect([...contracted.descendants(id)].sort()).toEqual([...expected].sort())
        }
      }),
    )
  })

  test('has ancestors that have it as descendant', () => {
    fc.assert(
      fc.property(randomDag(), (dag) => {
        for (const id of dag.topologicalOrder()) {
          for (const ancestor of dag.ancestors(id)) expect(dag.descendants(ancestor)).toContain(id)
        }
      }),
    )
  })

  test('with any edges at all either has an order or a cycle along its edges, and no shorter one', () => {
    fc.assert(
      fc.property(edgesBetween(8), (edges) => {
        const dag = createDag(ids(8), edges)
        const cycle = dag.findCycle()
        if (!cycle) return dag.topologicalOrder().length === 8
        for (const [index, id] of cycle.entries()) {
          expect(dag.children(id)).toContain(cycle[(index + 1) % cycle.length]!)
        }
        const lengths = ids(8).flatMap((id) => shortestWayBack(dag, id))
        expect(cycle).toHaveLength(Math.min(...lengths))
        return true
      }),
    )
  })
})

function name(number: number): string {
  return `n${String(number).padStart(2, '0')}`
}

function ids(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => name(index))
}

function edgesBetween(count: number): fc.Arbitrary<Edge<string>[]> {
  const node = fc.nat(count - 1)
  return fc.array(
    fc.tuple(node, node).map(([from, to]): Edge<string> => [name(from), name(to)]),
    { maxLength: 20 },
  )
}

/** Edges lead from smaller to greater numbers, so there is no cycle. */
function randomDag(): fc.Arbitrary<Dag<string>> {
  return edgesBetween(12).map((edges) =>
    createDag(
      ids(12),
      edges.filter(([from, to]) => from < to),
    ),
  )
}

function shortestWayBack(dag: Dag<string>, id: string): readonly number[] {
  for (let length = 1; length <= dag.size; length++) {
    if (dag.descendants(id, length).includes(id)) return [length]
  }
  return []
}
