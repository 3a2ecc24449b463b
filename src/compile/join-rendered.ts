import type { Rendered, TemplatePlace } from '../template/index.ts'

/** A part of a text that is put together: text of our own, or a slice of something rendered. */
export type Piece = string | { readonly rendered: Rendered; readonly start?: number; readonly end?: number }

/** Puts pieces together. The map of the result leads into the maps of the pieces; text of our own comes from nowhere. */
export function joinRendered(pieces: readonly Piece[]): Rendered {
  let text = ''
  const placed: { readonly at: number; readonly locate: (offset: number) => TemplatePlace | undefined }[] = []
  for (const piece of pieces) {
    const at = text.length
    if (typeof piece === 'string') {
      text += piece
      placed.push({ at, locate: () => undefined })
      continue
    }
    const { rendered, start = 0, end = rendered.text.length } = piece
    text += rendered.text.slice(start, end)
    placed.push({ at, locate: (offset) => rendered.map.locate(offset - at + start) })
  }
  return { text, map: { locate: (offset) => placed.findLast((piece) => piece.at <= offset)?.locate(offset) } }
}
