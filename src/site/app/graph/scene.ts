import type { SiteNode } from '../../site-data.ts'
import type { Project } from '../project.ts'
import type { Followed } from './follow-column.ts'
import { layOut, type Point } from './layout.ts'

/** What is drawn: boxes and lines with their places. */
export interface Scene {
  readonly boxes: readonly SceneBox[]
  readonly edges: readonly SceneEdge[]
  readonly width: number
  readonly height: number
}

export interface SceneBox extends Point {
  readonly node: SiteNode
  readonly number: number
  readonly width: number
  readonly height: number
  /** The columns that are shown in an opened box; null stands for some of its columns. */
  readonly columns: readonly { readonly name: string | null; readonly y: number }[]
}

export interface SceneEdge {
  /** Positions in `boxes`. */
  readonly from: number
  readonly to: number
  /** From the right side of one box to the left side of the other, with the places in between that it passes. */
  readonly points: readonly Point[]
  /** `indirect`: through nodes that are not shown. */
  readonly kind: 'direct' | 'indirect' | 'copied' | 'derived'
}

export const HEAD = 34
export const ROW = 22
const WIDTH = 210

/** The lineage of these nodes; a way through nodes that are left out is one line. */
export function sceneOf(project: Project, ids: ReadonlySet<string>): Scene {
  const numbers = project.nodes.flatMap(({ id }, number) => (ids.has(id) ? [number] : []))
  const place = new Map(numbers.map((number, index) => [number, index]))
  const isWhole = numbers.length === project.nodes.length
  const edges = isWhole
    ? numbers.flatMap((number) => project.nodes[number]!.parents.map((parent) => ({ parent, number, isDirect: true })))
    : project.dag
        .contract(ids)
        .edges()
        .map(([from, to]) => {
          const [parent, number] = [project.numberOf.get(from)!, project.numberOf.get(to)!]
          return { parent, number, isDirect: project.nodes[number]!.parents.includes(parent) }
        })
  return draw(
    numbers.map((number) => ({ node: project.nodes[number]!, number, columns: [] })),
    edges.map(({ parent, number, isDirect }) => ({
      from: place.get(parent)!,
      to: place.get(number)!,
      kind: isDirect ? 'direct' : 'indirect',
    })),
  )
}

/** The tables that a followed column goes through, opened at the columns that are involved. */
export function sceneOfColumn(project: Project, followed: Followed): Scene {
  const boxes = [...followed.columns].sort(([a], [b]) => a - b)
  const place = new Map(boxes.map(([number], index) => [number, index]))
  const rowOf = ({ node, column }: { readonly node: number; readonly column: string | null }) =>
    followed.columns.get(node)!.findIndex((name) => name?.toLowerCase() === column?.toLowerCase())
  return draw(
    boxes.map(([number, columns]) => ({ node: project.nodes[number]!, number, columns })),
    followed.edges.map(({ from, to, how }) => ({
      from: place.get(from.node)!,
      to: place.get(to.node)!,
      kind: how,
      fromRow: rowOf(from),
      toRow: rowOf(to),
    })),
  )
}

interface Box {
  readonly node: SiteNode
  readonly number: number
  readonly columns: readonly (string | null)[]
}

interface Line {
  readonly from: number
  readonly to: number
  readonly kind: SceneEdge['kind']
  readonly fromRow?: number
  readonly toRow?: number
}

function draw(boxes: readonly Box[], lines: readonly Line[]): Scene {
  const sizes = boxes.map(({ columns }) => ({
    width: WIDTH,
    height: HEAD + (columns.length === 0 ? 0 : columns.length * ROW + 6),
  }))
  const pairs = [...new Map(lines.map(({ from, to }) => [`${from} ${to}`, [from, to] as const])).values()]
  const layout = layOut({ boxes: sizes, edges: pairs })
  const bendsOf = new Map(pairs.map(([from, to], index) => [`${from} ${to}`, layout.bends[index]!]))
  const rowY = (row: number | undefined) => (row === undefined ? HEAD / 2 : HEAD + row * ROW + ROW / 2)
  return {
    boxes: boxes.map(({ node, number, columns }, index) => ({
      node,
      number,
      ...layout.corners[index]!,
      ...sizes[index]!,
      columns: columns.map((name, row) => ({ name, y: rowY(row) })),
    })),
    edges: lines.map(({ from, to, kind, fromRow, toRow }) => {
      const [start, end] = [layout.corners[from]!, layout.corners[to]!]
      const bends = bendsOf.get(`${from} ${to}`) ?? []
      return {
        from,
        to,
        kind,
        points: [{ x: start.x + WIDTH, y: start.y + rowY(fromRow) }, ...bends, { x: end.x, y: end.y + rowY(toRow) }],
      }
    }),
    width: layout.width,
    height: layout.height,
  }
}

/** The curve of an edge: level where it starts, bends and ends. */
export function curve(points: readonly Point[]): string {
  const [start, ...rest] = points
  if (!start) return ''
  let [path, last] = [`M${start.x} ${start.y}`, start]
  for (const point of rest) {
    const middle = (last.x + point.x) / 2
    path += `C${middle} ${last.y} ${middle} ${point.y} ${point.x} ${point.y}`
    last = point
  }
  return path
}
