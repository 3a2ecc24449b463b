import { getItem } from '../../values/access.ts'
import { isInteger, isUndefined } from '../../values/types.ts'

export type Getter = (item: unknown) => unknown

/** Lower case for text, so that comparisons ignore case. */
export function foldCase(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value
}

/** Reads `a.b.0` of an item; without an attribute the item itself. `fallback` stands in for what is undefined on the way. */
export function attributeGetter(attribute: unknown, options: { fallback?: unknown; foldsCase?: boolean } = {}): Getter {
  const steps = attributeSteps(attribute)
  return (item) => {
    let value = item
    for (const step of steps) {
      value = getItem(value, step)
      if (options.fallback !== undefined && isUndefined(value)) value = options.fallback
    }
    return options.foldsCase ? foldCase(value) : value
  }
}

/** Reads several attributes, `name,age`, as a list that sorts by one after the other. */
export function attributesGetter(attribute: unknown, options: { foldsCase: boolean }): Getter {
  const parts = typeof attribute === 'string' ? attribute.split(',') : [attribute]
  const getters = parts.map((part) => attributeGetter(part, options))
  return (item) => getters.map((get) => get(item))
}

function attributeSteps(attribute: unknown): readonly unknown[] {
  if (attribute === null || isUndefined(attribute)) return []
  if (isInteger(attribute)) return [attribute]
  return String(attribute)
    .split('.')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}
