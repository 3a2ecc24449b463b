const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Columns that a text takes in a terminal: wide characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  // ASCII needs no segmenting, and nearly everything is ASCII.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment)
  return width
}

const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u
const EMOJI = /^\p{Emoji_Presentation}|^\p{Emoji}\ufe0f|^\p{Regional_Indicator}{2}/u
const INVISIBLE = /^[\p{Mark}\p{Control}\p{Format}]+$/u

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1
}

/** Fills with spaces up to a width; longer texts stay as they are. */
export function padTo(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return align === 'left' ? text + spaces : spaces + text
}

/** Cuts to a width, with `…` for what was cut off. */
export function cutTo(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let cut = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    const next = used + graphemeWidth(segment)
    if (next > width - 1) break
    cut += segment
    used = next
  }
  return width < 1 ? '' : `${cut}…`
}
