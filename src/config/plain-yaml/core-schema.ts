import type { Json } from '../../util/json.ts'

const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
])

/** What a value without quotes stands for; undefined for numbers and the like of which that is not plain to see. */
export function resolveWord(written: string): Json | undefined {
  if (!/^\d/.test(written)) return WORDS.has(written) ? WORDS.get(written) : written
  if (/^\d{1,15}$|^\d{1,10}\.\d{1,5}$/.test(written)) return Number(written)
  return written.includes(' ') ? written : undefined
}

/** `null:` is an empty text as a key, and to set `__proto__` is not to set a member. */
export function isUnusualKey(name: string): boolean {
  return WORDS.has(name) || name === '__proto__'
}
