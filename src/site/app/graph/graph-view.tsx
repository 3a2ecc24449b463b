import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { usePage } from '../context.ts'
import { CanvasScene } from './canvas-scene.tsx'
import type { Scene, SceneBox } from './scene.ts'
import { SvgScene } from './svg-scene.tsx'
import { boxAt, firstView, fitView, nextBox, showBox, type View, zoomAt } from './view.ts'

/** Up to so many boxes are elements of the page; more are painted. */
const MOST_ELEMENTS = 300
const ZOOM_STEP = 1.3

export interface GraphViewProps {
  readonly scene: Scene
  readonly active: number | undefined
  readonly onActive: (box: SceneBox) => void
  readonly onEnter: (box: SceneBox) => void
  readonly onColumn?: (box: SceneBox, column: string) => void
  /** In a page that scrolls: the wheel zooms only together with Ctrl. */
  readonly isInText?: boolean
}

/** A graph that is moved, zoomed and walked through with pointer, fingers and keys. */
export function GraphView({ scene, active, onActive, onEnter, onColumn, isInText = false }: GraphViewProps) {
  const { words } = usePage()
  const frame = useRef<HTMLDivElement>(null)
  const size = useSize(frame)
  const [chosen, setChosen] = useState<{ readonly scene: Scene; readonly view: View }>()
  const first = useMemo(() => firstView(scene, active, size.width, size.height), [scene, size])
  const view = chosen?.scene === scene ? chosen.view : first
  const setView = (next: View) => setChosen({ scene, view: next })
  const drag = usePointers(frame, { view, setView, isInText })
  const isPainted = scene.boxes.length > MOST_ELEMENTS
  const zoom = (factor: number) => setView(zoomAt(view, factor, { x: size.width / 2, y: size.height / 2 }))

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = actionOf(event.key)
    if (!act) return
    event.preventDefault()
    act()
  }
  const actionOf = (key: string): (() => void) | undefined => {
    if (key.startsWith('Arrow')) {
      const next = active === undefined ? scene.boxes[0] : nextBox(scene, active, key)
      return () => {
        if (!next) return
        onActive(next)
        setView(showBox(view, next, size.width, size.height))
      }
    }
    if (key === '+' || key === '=') return () => zoom(ZOOM_STEP)
    if (key === '-') return () => zoom(1 / ZOOM_STEP)
    if (key === '0') return () => setView(fitView(scene, size.width, size.height))
    const box = scene.boxes.find(({ number }) => number === active)
    return key === 'Enter' && box ? () => onEnter(box) : undefined
  }
  const onClick = (event: MouseEvent) => {
    if (!isPainted || drag.wasMoved()) return
    const box = boxAt(scene, view, pointIn(frame.current!, event))
    if (box) onActive(box)
  }
  const activeName = scene.boxes.find(({ number }) => number === active)?.node.name

  return (
    <div class="graph">
      <div
        ref={frame}
        class="graph-frame"
        role="application"
        aria-roledescription={words.graph}
        aria-label={`${words.graph}. ${words.graphHelp}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys that it explains
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClick={onClick}
        {...drag.handlers}
      >
        {isPainted ? (
          <CanvasScene scene={scene} view={view} active={active} width={size.width} height={size.height} />
        ) : (
          // biome-ignore lint/a11y/noSvgWithoutTitle: its frame has the label
          <svg width={size.width} height={size.height}>
            <SvgScene
              scene={scene}
              view={view}
              active={active}
              onOpen={(box) => !drag.wasMoved() && onActive(box)}
              {...(onColumn ? { onColumn } : {})}
            />
          </svg>
        )}
      </div>
      <p class="for-readers" aria-live="polite">
        {activeName}
      </p>
      <div class="graph-buttons">
        <button
          type="button"
          class="button"
          aria-label={words.zoomIn}
          title={words.zoomIn}
          onClick={() => zoom(ZOOM_STEP)}
        >
          +
        </button>
        <button
          type="button"
          class="button"
          aria-label={words.zoomOut}
          title={words.zoomOut}
          onClick={() => zoom(1 / ZOOM_STEP)}
        >
          −
        </button>
        <button
          type="button"
          class="button"
          aria-label={words.fit}
          title={words.fit}
          onClick={() => setView(fitView(scene, size.width, size.height))}
        >
          ⤢
        </button>
      </div>
    </div>
  )
}

interface Reference<Value> {
  readonly current: Value | null
}

function useSize(frame: Reference<HTMLDivElement>): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 800, height: 500 })
  useLayoutEffect(() => {
    const element = frame.current!
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return size
}

/** One pointer moves the view, two zoom it, and the wheel does as well. */
function usePointers(
  frame: Reference<HTMLDivElement>,
  {
    view,
    setView,
    isInText,
  }: { readonly view: View; readonly setView: (view: View) => void; readonly isInText: boolean },
) {
  const pointers = useRef(new Map<number, { x: number; y: number }>())
  const moved = useRef(0)
  const latest = useRef({ view, setView })
  latest.current = { view, setView }
  useEffect(() => {
    const element = frame.current!
    const onWheel = (event: WheelEvent) => {
      if (isInText && !event.ctrlKey) return
      event.preventDefault()
      const { view, setView } = latest.current
      setView(zoomAt(view, Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), pointIn(element, event)))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [])
  const onPointerMove = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId)
    if (!before) return
    const now = pointIn(frame.current!, event)
    const others = [...pointers.current].flatMap(([id, point]) => (id === event.pointerId ? [] : [point]))
    pointers.current.set(event.pointerId, now)
    moved.current += Math.abs(now.x - before.x) + Math.abs(now.y - before.y)
    const other = others[0]
    if (!other) return setView({ ...view, x: view.x + now.x - before.x, y: view.y + now.y - before.y })
    const distance = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y)
    setView(zoomAt(view, distance(now) / Math.max(1, distance(before)), other))
  }
  const forget = (event: PointerEvent) => {
    pointers.current.delete(event.pointerId)
  }
  return {
    wasMoved: () => moved.current > 5,
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        if (pointers.current.size === 0) moved.current = 0
        pointers.current.set(event.pointerId, pointIn(frame.current!, event))
      },
      onPointerMove,
      onPointerUp: forget,
      onPointerCancel: forget,
      onPointerLeave: forget,
    },
  }
}

function pointIn(element: Element, event: { readonly clientX: number; readonly clientY: number }) {
  const { left, top } = element.getBoundingClientRect()
  return { x: event.clientX - left, y: event.clientY - top }
}
