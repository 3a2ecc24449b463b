import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LayoutInput, layOut } from './layout.ts'

const box = { width: 100, height: 30 }

test('what a box reads stands left of it, and a chain is level', () => {
  const { corners, width, height } = layOut({
    boxes: [box, box, box],
    edges: [
      [0, 1],
      [1, 2],
    ],
  })
  expect(corners).toEqual([
    { x: 0, y: 0 },
    { x: 172, y: 0 },
    { x: 344, y: 0 },
  ])
  expect([width, height]).toEqual([444, 30])
})

test('a box stands in the middle of what it reads, and a parent right before its only child', () => {
  // 0 → 1 → 2, and 3 → 2
  const { corners } = layOut({
    boxes: [box, box, box, box],
    edges: [
      [0, 1],
      [1, 2],
      [3, 2],
    ],
  })
  expect(corners).toEqual([
    { x: 0, y: 0 },
    { x: 172, y: 0 },
    { x: 344, y: 22 },
    { x: 172, y: 44 },
  ])
})

test('an edge that passes a layer has its own lane there', () => {
  const { bends, corners } = layOut({
    boxes: [box, box, box],
    edges: [
      [0, 1],
      [1, 2],
      [0, 2],
    ],
  })
  const [lane] = bends[2]!
  expect(bends.slice(0, 2)).toEqual([[], []])
  expect(lane!.x).toBe(corners[1]!.x)
  expect(lane!.y < corners[1]!.y || lane!.y > corners[1]!.y + box.height).toBe(true)
})

test('layers of very many boxes are folded, so that the graph is no tower', () => {
  const edges = Array.from({ length: 500 }, (_, index): [number, number] => [index, 500 + ((index * 7) % 500)])
  const { corners, width, height } = layOut({ boxes: Array.from({ length: 1000 }, () => box), edges })
  expect(width / height).toBeGreaterThan(1.4)
  expect(width / height).toBeLessThan(1.8)
  expect(new Set(corners.map(({ x, y }) => `${x} ${y}`)).size).toBe(1000)
  for (const [parent, child] of edges) expect(corners[parent]!.x).toBeLessThan(corners[child]!.x)
})

test('boxes without edges stand below all others, in rows', () => {
  const { corners } = layOut({ boxes: Array.from({ length: 8 }, () => box), edges: [] })
  expect(corners.map(({ x, y }) => [x, y])).toEqual([
    [0, 0],
    [128, 0],
    [256, 0],
    [384, 0],
    [512, 0],
    [640, 0],
    [0, 44],
    [128, 44],
  ])
})

test('no two boxes overlap, and every edge leads to the right, whatever the graph', () => {
  const graphs = fc.integer({ min: 1, max: 40 }).chain((count) =>
    fc.record({
      boxes: fc.array(fc.record({ width: fc.constant(100), height: fc.integer({ min: 10, max: 90 }) }), {
        minLength: count,
        maxLength: count,
      }),
      edges: fc
        .array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 80 })
        .map((pairs) =>
          pairs.flatMap(([a, b]): [number, number][] => (a === b ? [] : [[Math.min(a, b), Math.max(a, b)]])),
        ),
    }),
  )
  fc.assert(
    fc.property(graphs, (graph: LayoutInput) => {
      const { corners, width, height } = layOut(graph)
      for (const [parent, child] of graph.edges) expect(corners[parent]!.x).toBeLessThan(corners[child]!.x)
      for (const [index, corner] of corners.entries()) {
        const size = graph.boxes[index]!
        expect(corner.x + size.width).toBeLessThanOrEqual(width)
        expect(corner.y).toBeGreaterThanOrEqual(-1e-6)
        expect(corner.y + size.height).toBeLessThanOrEqual(height + 1e-6)
        for (const [other, place] of corners.entries()) {
          if (other <= index) continue
          const isBeside = place.x >= corner.x + size.width || corner.x >= place.x + graph.boxes[other]!.width
          const isBelow =
            place.y >= corner.y + size.height - 1e-6 || corner.y >= place.y + graph.boxes[other]!.height - 1e-6
          expect(isBeside || isBelow).toBe(true)
        }
      }
    }),
  )
})
