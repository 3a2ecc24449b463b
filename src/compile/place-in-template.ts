import type { RelatedPlace } from '../diagnostics/diagnostic.ts'
import type { TemplatePlace } from '../template/index.ts'
import type { CompiledText } from './compile-text.ts'

/** The place in the template of the word at an offset of compiled SQL, or undefined where the text came from nowhere. */
export function placeInTemplate({ sql, map }: CompiledText, offset: number): TemplatePlace | undefined {
  if (offset < 0 || offset > sql.length) return undefined
  const found = map.locate(offset)
  return found && widenToWord(found)
}

/** A call that led into a macro, as a related place. */
export function describeCall(call: TemplatePlace['calls'][number]): RelatedPlace {
  return { message: `in macro "${call.macro}", called here`, place: call.place }
}

/** A place inside literal text is a point: underline the word that starts there. */
function widenToWord(found: TemplatePlace): TemplatePlace {
  const { file, start, end } = found.place
  if (end > start + 1) return found
  const word = /^(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[\p{L}\p{N}_$]+)/u.exec(file.text.slice(start, start + 200))
  return { ...found, place: { file, start, end: start + Math.max(1, word?.[0].length ?? 1) } }
}
