import { useEffect, useRef } from 'preact/hooks'
import { HEAD, type Scene } from './scene.ts'
import { shortened, statusOf } from './svg-scene.tsx'
import type { View } from './view.ts'

interface CanvasProps {
  readonly scene: Scene
  readonly view: View
  readonly active: number | undefined
  readonly width: number
  readonly height: number
}

/** A path of thousands of lines takes longer than the same lines in many paths. */
const EDGES_A_STROKE = 100

/** Below this scale names cannot be read, and are not drawn. */
const READABLE = 0.45

/** A graph of thousands of nodes: only what is seen is drawn, and only as much of it as can be made out. */
export function CanvasScene({ scene, view, active, width, height }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const context = canvas.current?.getContext('2d')
      if (context) paint(context, { scene, view, active, width, height })
    })
    return () => cancelAnimationFrame(frame)
  })
  const ratio = window.devicePixelRatio || 1
  return <canvas ref={canvas} width={width * ratio} height={height * ratio} style={{ width, height }} />
}

function paint(context: CanvasRenderingContext2D, { scene, view, active, width, height }: CanvasProps): void {
  const ratio = window.devicePixelRatio || 1
  const colors = readColors()
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  context.setTransform(view.scale * ratio, 0, 0, view.scale * ratio, view.x * ratio, view.y * ratio)
  const seen = {
    left: -view.x / view.scale,
    top: -view.y / view.scale,
    right: (width - view.x) / view.scale,
    bottom: (height - view.y) / view.scale,
  }
  paintEdges(context, scene, seen, {
    color: colors('--edge'),
    faintColor: colors('--line-strong'),
    active,
    activeColor: colors('--accent'),
    scale: view.scale,
  })
  for (const box of scene.boxes) {
    if (box.x > seen.right || box.x + box.width < seen.left || box.y > seen.bottom || box.y + box.height < seen.top)
      continue
    const isActive = box.number === active
    const kind = colors(`--${box.node.kind}`)
    context.fillStyle = view.scale < READABLE ? kind : colors('--surface')
    context.fillRect(box.x, box.y, box.width, box.height)
    context.strokeStyle = isActive ? colors('--accent') : colors('--line-strong')
    context.lineWidth = (isActive ? 3 : 1) / view.scale
    if (isActive || view.scale >= READABLE) context.strokeRect(box.x, box.y, box.width, box.height)
    if (view.scale < READABLE) continue
    context.fillStyle = kind
    context.fillRect(box.x, box.y, 5, box.height)
    context.fillStyle = colors('--text')
    context.font = '13px system-ui, sans-serif'
    context.fillText(shortened(box.node.name, 25), box.x + 15, box.y + HEAD / 2 + 4)
    const status = statusOf(box)
    if (status === 'none') continue
    context.fillStyle = colors(`--${status}`)
    context.beginPath()
    context.arc(box.x + box.width - 13, box.y + HEAD / 2, 4, 0, Math.PI * 2)
    context.fill()
  }
}

interface Seen {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

function paintEdges(
  context: CanvasRenderingContext2D,
  scene: Scene,
  seen: Seen,
  look: {
    readonly color: string
    readonly faintColor: string
    readonly activeColor: string
    readonly active: number | undefined
    readonly scale: number
  },
): void {
  const draw = (edges: Scene['edges']) => {
    let count = 0
    context.beginPath()
    for (const { points } of edges) {
      const [start, end] = [points[0]!, points.at(-1)!]
      const [low, high] = start.y < end.y ? [start.y, end.y] : [end.y, start.y]
      const isSeen =
        points.length > 2 || (start.x < seen.right && end.x > seen.left && low < seen.bottom && high > seen.top)
      if (!isSeen) continue
      let last = start
      context.moveTo(start.x, start.y)
      for (const point of points.slice(1)) {
        const middle = (last.x + point.x) / 2
        // From afar, a curve and a line look the same.
        if (look.scale < 0.3) context.lineTo(point.x, point.y)
        else context.bezierCurveTo(middle, last.y, middle, point.y, point.x, point.y)
        last = point
      }
      count += 1
      if (count % EDGES_A_STROKE !== 0) continue
      context.stroke()
      context.beginPath()
    }
    context.stroke()
  }
  // Thousands of lines hide what they connect, unless each of them is faint.
  context.lineWidth = (look.scale < 0.15 ? 0.4 : 1) / look.scale
  context.strokeStyle = scene.edges.length > 1000 ? look.faintColor : look.color
  draw(scene.edges)
  if (look.active === undefined) return
  context.lineWidth = 2 / look.scale
  context.strokeStyle = look.activeColor
  draw(scene.edges.filter(({ from, to }) => [from, to].some((box) => scene.boxes[box]!.number === look.active)))
}

/** The colours of the style sheet, which follow the appearance; each asked for once a painting. */
function readColors(): (name: string) => string {
  const style = getComputedStyle(document.documentElement)
  const known = new Map<string, string>()
  return (name) => {
    const color = known.get(name) ?? style.getPropertyValue(name).trim()
    known.set(name, color)
    return color
  }
}
