// Layers from left to right: a node stands right of everything that it reads. Within a layer nodes are ordered by where their
// neighbours stand, in sweeps to and fro, and then moved to where their neighbours are as far as the others leave room.
// Libraries that do this need seconds to minutes for the thousands of nodes of a large project, this a tenth of a second.

export interface LayoutInput {
  readonly boxes: readonly { readonly width: number; readonly height: number }[]
  /** From parent to child, by positions in `boxes`. There is no cycle. */
  readonly edges: readonly (readonly [parent: number, child: number])[]
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Layout {
  /** The left upper corner of each box. */
  readonly corners: readonly Point[]
  /** For each edge where it passes the layers between its ends, none for most. */
  readonly bends: readonly (readonly Point[])[]
  readonly width: number
  readonly height: number
}

const GAP_BETWEEN_LAYERS = 72
const GAP_IN_LAYER = 14
/** What an edge needs where it passes a layer. */
const LANE = 10
/** With more of them, edges pass below boxes: there, nobody follows a single one by eye. */
const MOST_LANES = 4000
const SWEEPS = 12
/** A graph with a layer of more boxes has its layers folded: as a tower, nothing of it could be made out. */
const MOST_ROWS = 80
/** Width by height of a folded graph. */
const SHAPE = 1.5
const GAP_IN_FOLD = 24
/** Boxes without any edge stand below all others, so many in a row. */
const LOOSE_COLUMNS = 6

/** Places boxes so that every edge leads to the right. The same input gives the same layout. */
export function layOut(input: LayoutInput): Layout {
  const isLoose = looseBoxes(input)
  const layered = placeLayers(input, isLoose)
  return placeLoose(input, isLoose, layered)
}

/** A box, or the place where an edge passes a layer. */
interface Item {
  readonly size: number
  readonly width: number
  readonly before: number[]
  readonly after: number[]
}

function placeLayers(input: LayoutInput, isLoose: readonly boolean[]): Layout {
  const { boxes, edges } = input
  const ranks = ranksOf(boxes.length, edges)
  const rows = layersOf(ranks, isLoose).reduce((most, layer) => Math.max(most, layer.length), 0)
  if (rows > MOST_ROWS) return placeFolded(input, ranks, isLoose)
  const items: Item[] = boxes.map(({ width, height }) => ({ size: height, width, before: [], after: [] }))
  const rankOf = [...ranks]
  const lanes = edges.reduce((sum, [parent, child]) => sum + ranks[child]! - ranks[parent]! - 1, 0)
  const connect = (from: number, to: number) => {
    items[from]!.after.push(to)
    items[to]!.before.push(from)
  }
  const passes = edges.map(([parent, child]) => {
    const own: number[] = []
    if (lanes <= MOST_LANES) {
      for (let rank = ranks[parent]! + 1; rank < ranks[child]!; rank++) {
        own.push(items.length)
        items.push({ size: LANE, width: 0, before: [], after: [] })
        rankOf.push(rank)
      }
    }
    const way = [parent, ...own, child]
    for (const [index, to] of way.entries()) if (index > 0) connect(way[index - 1]!, to)
    return own
  })
  const layers = layersOf(rankOf, isLoose)
  orderLayers(layers, items)
  const centers = alignLayers(layers, items)
  const lefts = leftsOf(layers, items)
  const top = Math.min(0, ...maximumFree(items, centers, isLoose, (center, size) => center - size / 2))
  const corner = (item: number): Point => ({
    x: lefts.at(rankOf[item]!)!,
    y: centers[item]! - items[item]!.size / 2 - top,
  })
  return {
    corners: boxes.map((_, box) => (isLoose[box] ? { x: 0, y: 0 } : corner(box))),
    bends: passes.map((own) =>
      own.flatMap((item) => {
        const { x, y } = corner(item)
        const width = Math.max(0, ...(layers[rankOf[item]!] ?? []).map((other) => items[other]!.width))
        return [
          { x, y: y + LANE / 2 },
          { x: x + width, y: y + LANE / 2 },
        ]
      }),
    ),
    width: Math.max(
      0,
      ...layers.map((layer, rank) => lefts[rank]! + Math.max(0, ...layer.map((item) => items[item]!.width))),
    ),
    height: Math.max(0, ...maximumFree(items, centers, isLoose, (center, size) => center + size / 2)) - top,
  }
}

/**
 * Layers of several columns each, filled row by row, so that what stands high in one layer stands high in the next. Edges
 * pass below boxes.
 */
function placeFolded({ boxes, edges }: LayoutInput, ranks: readonly number[], isLoose: readonly boolean[]): Layout {
  const items: Item[] = boxes.map(({ width, height }) => ({ size: height, width, before: [], after: [] }))
  for (const [parent, child] of edges) {
    items[parent]!.after.push(child)
    items[child]!.before.push(parent)
  }
  const layers = layersOf(ranks, isLoose)
  orderLayers(layers, items)
  const width = boxes.reduce((widest, box) => Math.max(widest, box.width), 0) + GAP_IN_FOLD
  const height = boxes.reduce((highest, box) => Math.max(highest, box.height), 0) + GAP_IN_LAYER
  const rows = rowsOfFold(layers, { width, height })
  const corners: Point[] = boxes.map(() => ({ x: 0, y: 0 }))
  let left = 0
  for (const layer of layers) {
    const columns = Math.ceil(layer.length / rows)
    const stretch = (rows * columns) / layer.length
    for (const [index, box] of layer.entries()) {
      const row = Math.floor(index / columns)
      corners[box] = { x: left + (index % columns) * width, y: Math.floor(row * stretch) * height }
    }
    left += columns * width + GAP_BETWEEN_LAYERS
  }
  return {
    corners,
    bends: edges.map(() => []),
    width: Math.max(0, left - GAP_BETWEEN_LAYERS - GAP_IN_FOLD),
    height: rows * height - GAP_IN_LAYER,
  }
}

/** So few rows that the graph is no higher than it should be for its width. */
function rowsOfFold(
  layers: readonly (readonly number[])[],
  pitch: { readonly width: number; readonly height: number },
): number {
  let rows = layers.reduce((most, layer) => Math.max(most, layer.length), 0)
  const columns = () => layers.reduce((sum, layer) => sum + Math.ceil(layer.length / rows), 0)
  while (rows > 10 && columns() * pitch.width < SHAPE * rows * pitch.height) rows = Math.floor(rows * 0.95)
  return rows
}

/** One number for each item that stands in a layer, in portions that a call may take as arguments. */
function maximumFree(
  items: readonly Item[],
  centers: Float64Array,
  isLoose: readonly boolean[],
  measure: (center: number, size: number) => number,
): readonly number[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const [index, { size }] of items.entries()) {
    if (isLoose[index]) continue
    const value = measure(centers[index]!, size)
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return high < low ? [] : [low, high]
}

function looseBoxes({ boxes, edges }: LayoutInput): readonly boolean[] {
  const isLoose = boxes.map(() => true)
  for (const [parent, child] of edges) {
    isLoose[parent] = false
    isLoose[child] = false
  }
  return isLoose
}

/** The longest way from a box without parents; boxes without parents stand right before their first child. */
function ranksOf(count: number, edges: LayoutInput['edges']): readonly number[] {
  const children: number[][] = Array.from({ length: count }, () => [])
  const waiting = new Int32Array(count)
  for (const [parent, child] of edges) {
    children[parent]!.push(child)
    waiting[child]! += 1
  }
  const ranks = new Array<number>(count).fill(0)
  const queue: number[] = []
  const roots: number[] = []
  for (let box = 0; box < count; box++) if (waiting[box] === 0) roots.push(box)
  queue.push(...roots)
  for (let at = 0; at < queue.length; at++) {
    for (const child of children[queue[at]!]!) {
      ranks[child] = Math.max(ranks[child]!, ranks[queue[at]!]! + 1)
      waiting[child]! -= 1
      if (waiting[child] === 0) queue.push(child)
    }
  }
  for (const root of roots) {
    const below = children[root]!.map((child) => ranks[child]!)
    if (below.length > 0) ranks[root] = below.reduce((a, b) => Math.min(a, b)) - 1
  }
  return ranks
}

function layersOf(rankOf: readonly number[], isLoose: readonly boolean[]): number[][] {
  const layers: number[][] = []
  for (const [item, rank] of rankOf.entries()) {
    if (isLoose[item]) continue
    while (layers.length <= rank) layers.push([])
    layers[rank]!.push(item)
  }
  return layers
}

/** Orders each layer by the middle of its neighbours, from left to right and back. */
function orderLayers(layers: number[][], items: readonly Item[]): void {
  const place = new Float64Array(items.length)
  const remember = (layer: readonly number[]) => {
    for (const [index, item] of layer.entries()) place[item] = index / Math.max(1, layer.length - 1)
  }
  for (const layer of layers) remember(layer)
  const wanted = new Float64Array(items.length)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isForward = sweep % 2 === 0
    for (const layer of isForward ? layers : layers.toReversed()) {
      for (const item of layer) {
        const neighbours = isForward ? items[item]!.before : items[item]!.after
        wanted[item] = neighbours.length === 0 ? place[item]! : meanOf(neighbours, place)
      }
      layer.sort((a, b) => wanted[a]! - wanted[b]!)
      remember(layer)
    }
  }
}

function meanOf(items: readonly number[], values: Float64Array): number {
  let sum = 0
  for (const item of items) sum += values[item]!
  return sum / items.length
}

/** The middle of every item: near its neighbours, in the order of its layer and without overlap. */
function alignLayers(layers: readonly (readonly number[])[], items: readonly Item[]): Float64Array {
  const centers = new Float64Array(items.length)
  for (const layer of layers) settle(layer, items, centers, () => 0)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isForward = sweep % 2 === 0
    for (const layer of isForward ? layers : layers.toReversed()) {
      settle(layer, items, centers, (item) => {
        const { before, after } = items[item]!
        const [near, far] = isForward ? [before, after] : [after, before]
        const neighbours = near.length > 0 ? near : far
        return neighbours.length === 0 ? centers[item]! : meanOf(neighbours, centers)
      })
    }
  }
  return centers
}

/**
 * Moves the items of a layer as near as can be to where they want to be: the least sum of squares under which each keeps its
 * distance from the one before it. That is a monotone regression, which joining neighbours that are too near solves.
 */
function settle(
  layer: readonly number[],
  items: readonly Item[],
  centers: Float64Array,
  wantedOf: (item: number) => number,
): void {
  const offsets: number[] = []
  const blocks: { sum: number; count: number }[] = []
  let offset = 0
  for (const [index, item] of layer.entries()) {
    if (index > 0) offset += (items[layer[index - 1]!]!.size + items[item]!.size) / 2 + GAP_IN_LAYER
    offsets.push(offset)
    blocks.push({ sum: wantedOf(item) - offset, count: 1 })
    for (let last = blocks.length - 1; last > 0; last--) {
      const [above, below] = [blocks[last - 1]!, blocks[last]!]
      if (above.sum / above.count <= below.sum / below.count) break
      above.sum += below.sum
      above.count += below.count
      blocks.pop()
    }
  }
  let index = 0
  for (const { sum, count } of blocks) {
    for (const end = index + count; index < end; index++) centers[layer[index]!] = sum / count + offsets[index]!
  }
}

function leftsOf(layers: readonly (readonly number[])[], items: readonly Item[]): readonly number[] {
  const lefts: number[] = []
  let left = 0
  for (const layer of layers) {
    lefts.push(left)
    left += layer.reduce((widest, item) => Math.max(widest, items[item]!.width), 0) + GAP_BETWEEN_LAYERS
  }
  return lefts
}

function placeLoose({ boxes }: LayoutInput, isLoose: readonly boolean[], layered: Layout): Layout {
  const loose = boxes.flatMap((_, box) => (isLoose[box] ? [box] : []))
  if (loose.length === 0) return layered
  const columns = Math.max(LOOSE_COLUMNS, Math.ceil(Math.sqrt(loose.length / 4)))
  const widest = loose.reduce((width, box) => Math.max(width, boxes[box]!.width), 0)
  const corners = [...layered.corners]
  let [top, width] = [layered.height === 0 ? 0 : layered.height + GAP_BETWEEN_LAYERS, layered.width]
  for (let start = 0; start < loose.length; start += columns) {
    const row = loose.slice(start, start + columns)
    for (const [index, box] of row.entries()) corners[box] = { x: index * (widest + GAP_IN_LAYER * 2), y: top }
    width = Math.max(width, row.length * (widest + GAP_IN_LAYER * 2) - GAP_IN_LAYER * 2)
    top += Math.max(...row.map((box) => boxes[box]!.height)) + GAP_IN_LAYER
  }
  return { ...layered, corners, width, height: top - GAP_IN_LAYER }
}
