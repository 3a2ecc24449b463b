import { seededRandom } from '../inputs/random.ts'

/** Small tables in layers: each reads one to three of the layer above and has a few rows, so that the engine has little to do. */
export function layersProject(models: number, layers: number): ReadonlyMap<string, string> {
  const random = seededRandom(1)
  const files = new Map<string, string>()
  const perLayer = Math.ceil(models / layers)
  for (let index = 0; index < models; index += 1) {
    const layer = Math.floor(index / perLayer)
    const parents =
      layer === 0 ? [] : distinct(1 + random.below(3), () => (layer - 1) * perLayer + random.below(perLayer))
    files.set(`models/layer_${layer}/${nameOf(index)}.sql`, modelText(index, parents))
  }
  return files
}

function nameOf(index: number): string {
  return `orders_${String(index).padStart(5, '0')}`
}

function modelText(index: number, parents: readonly number[]): string {
  if (parents.length === 0) {
    return `select i as order_id, i % 7 as customer_id, i * ${index + 1} as amount from range(20) as numbers(i)\n`
  }
  const [first, ...others] = parents
  const sum = parents.map((parent) => `t${parent}.amount`).join(' + ')
  const joins = others.map((parent) => `join {{ ref('${nameOf(parent)}') }} as t${parent} using (order_id)\n`)
  return `select t${first}.order_id, t${first}.customer_id, ${sum} as amount
from {{ ref('${nameOf(first!)}') }} as t${first}
${joins.join('')}`
}

function distinct(count: number, draw: () => number): readonly number[] {
  const drawn = new Set<number>()
  while (drawn.size < count) drawn.add(draw())
  return [...drawn]
}
