import type { Scene, SceneBox } from './scene.ts'

/** Which part of a scene is seen: a point of the scene is drawn at `point * scale + (x, y)`. */
export interface View {
  readonly x: number
  readonly y: number
  readonly scale: number
}

const LEAST_SCALE = 0.01
const GREATEST_SCALE = 2.5
const MARGIN = 24

/** The whole scene, no larger than life. */
export function fitView(scene: Pick<Scene, 'width' | 'height'>, width: number, height: number): View {
  const fits = Math.min(
    (width - 2 * MARGIN) / Math.max(1, scene.width),
    (height - 2 * MARGIN) / Math.max(1, scene.height),
  )
  const scale = Math.max(LEAST_SCALE, Math.min(1, fits))
  return { scale, x: (width - scene.width * scale) / 2, y: (height - scene.height * scale) / 2 }
}

/** Names can be read from this scale on. */
const READABLE = 0.55

/** What is seen at first: the whole, or, where that would be too small to read, what is around the node that is looked at. */
export function firstView(scene: Scene, active: number | undefined, width: number, height: number): View {
  const whole = fitView(scene, width, height)
  const box = scene.boxes.find(({ number }) => number === active)
  if (!box || whole.scale >= READABLE) return whole
  const scale = 0.75
  return {
    scale,
    x: width / 2 - (box.x + box.width / 2) * scale,
    y: height / 2 - (box.y + box.height / 2) * scale,
  }
}

/** Nearer or farther, with the point under the pointer at its place. */
export function zoomAt(view: View, factor: number, at: { readonly x: number; readonly y: number }): View {
  const scale = Math.max(LEAST_SCALE, Math.min(GREATEST_SCALE, view.scale * factor))
  const change = scale / view.scale
  return { scale, x: at.x - (at.x - view.x) * change, y: at.y - (at.y - view.y) * change }
}

/** Moves the view only as far as is needed to see a box. */
export function showBox(view: View, box: SceneBox, width: number, height: number): View {
  const scale = Math.max(view.scale, 0.5)
  const at = scale === view.scale ? view : { scale, x: width / 2 - box.x * scale, y: height / 2 - box.y * scale }
  const move = (start: number, size: number, offset: number, space: number) => {
    const [low, high] = [start * scale + offset, (start + size) * scale + offset]
    if (low < MARGIN) return offset + MARGIN - low
    return high > space - MARGIN ? offset - (high - space + MARGIN) : offset
  }
  return { scale, x: move(box.x, box.width, at.x, width), y: move(box.y, box.height, at.y, height) }
}

/** The box at a point of the screen, if there is one. */
export function boxAt(scene: Scene, view: View, at: { readonly x: number; readonly y: number }): SceneBox | undefined {
  const [x, y] = [(at.x - view.x) / view.scale, (at.y - view.y) / view.scale]
  return scene.boxes.find((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height)
}

/** The next box in a direction: along the lines to the sides, in the layer up and down. */
export function nextBox(scene: Scene, active: number, key: string): SceneBox | undefined {
  const here = scene.boxes.findIndex(({ number }) => number === active)
  const box = scene.boxes[here]
  if (!box) return scene.boxes[0]
  const isSideways = key === 'ArrowLeft' || key === 'ArrowRight'
  const candidates = isSideways
    ? scene.edges.flatMap(({ from, to }) =>
        key === 'ArrowRight' ? (from === here ? [to] : []) : to === here ? [from] : [],
      )
    : scene.boxes.flatMap((other, index) => {
        const isThere = key === 'ArrowDown' ? other.y > box.y : other.y < box.y
        return isThere && Math.abs(other.x - box.x) < box.width ? [index] : []
      })
  const nearest = candidates.toSorted(
    (a, b) => Math.abs(scene.boxes[a]!.y - box.y) - Math.abs(scene.boxes[b]!.y - box.y),
  )[0]
  return nearest === undefined ? undefined : scene.boxes[nearest]
}
