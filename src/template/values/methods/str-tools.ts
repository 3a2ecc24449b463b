import { raise } from '../../errors.ts'
import { typeName } from '../types.ts'

/** What Python takes for white space in a string. */
export function pythonSpace(character: string): boolean {
  return /[\s\x1c-\x1f\x85]/.test(character) && character !== '\ufeff'
}

export function strip(text: string, characters: string | undefined, side: 'start' | 'end' | 'both'): string {
  const goes = characters === undefined ? pythonSpace : (character: string) => characters.includes(character)
  let start = 0
  let end = text.length
  if (side !== 'end') while (start < end && goes(text[start]!)) start++
  if (side !== 'start') while (end > start && goes(text[end - 1]!)) end--
  return text.slice(start, end)
}

export function capitalize(text: string): string {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length).toLowerCase()
}

/** Python's `title`: a new word begins after anything that is not a letter. */
export function titleCase(text: string): string {
  return text.replace(/\p{L}+/gu, capitalize)
}

export function swapCase(text: string): string {
  return Array.from(text, (one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase())).join('')
}

export function splitLines(text: string, keepsEnds = false): string[] {
  const lines: string[] = []
  let from = 0
  for (const end of text.matchAll(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g)) {
    const next = end.index + end[0].length
    lines.push(text.slice(from, keepsEnds ? next : end.index))
    from = next
  }
  if (from < text.length) lines.push(text.slice(from))
  return lines
}

/** `separator.join(items)`, where every item must be a string. */
export function join(separator: string, items: readonly unknown[]): string {
  for (const [index, item] of items.entries()) {
    if (typeof item !== 'string') {
      raise('TypeError', `sequence item ${index}: expected str instance, ${typeName(item)} found`)
    }
  }
  return items.join(separator)
}

/** Replaces the first `count` occurrences, all of them where it is negative. */
export function replaceText(text: string, from: string, to: string, count: number): string {
  if (count < 0) return from === '' ? spread(text, to, Number.POSITIVE_INFINITY) : text.replaceAll(from, () => to)
  if (from === '') return spread(text, to, count)
  const parts = text.split(from)
  const head = parts.slice(0, count + 1).join(to)
  return parts.length <= count + 1 ? head : head + from + parts.slice(count + 1).join(from)
}

/** Replacing nothing puts the new text between all characters and at both ends. */
function spread(text: string, to: string, count: number): string {
  const characters = [...text]
  const parts = characters.map((character, index) => (index < count ? to + character : character))
  return parts.join('') + (count > characters.length ? to : '')
}
