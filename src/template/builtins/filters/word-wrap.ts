export interface WrapOptions {
  readonly width: number
  readonly breaksLongWords: boolean
  readonly breaksOnHyphens: boolean
}

/** Breaks a line into lines of at most `width` characters, as Python's textwrap does with white space kept inside lines. */
export function wrapText(line: string, options: WrapOptions): readonly string[] {
  const lines: string[] = []
  const chunks = splitChunks(line, options).reverse()
  while (chunks.length > 0) {
    if (lines.length > 0 && chunks.at(-1)!.trim() === '') chunks.pop()
    const current = takeLine(chunks, options)
    if (current.at(-1)?.trim() === '') current.pop()
    if (current.length > 0) lines.push(current.join(''))
  }
  return lines
}

/** Words, the spaces between them, and the parts of hyphenated words. */
function splitChunks(line: string, options: WrapOptions): string[] {
  const words = line.split(/(\s+)/).filter((part) => part !== '')
  if (!options.breaksOnHyphens) return words
  return words.flatMap((word) => word.split(/(?<=[^\W\d_]{2}-)(?=[^\W\d_])/))
}

/** Moves as many chunks as fit from the end of the list into a line. */
function takeLine(chunks: string[], options: WrapOptions): string[] {
  const current: string[] = []
  let length = 0
  while (chunks.length > 0 && length + chunks.at(-1)!.length <= options.width) {
    const chunk = chunks.pop()!
    current.push(chunk)
    length += chunk.length
  }
  const next = chunks.at(-1)
  if (next !== undefined && next.length > options.width) takeLongWord(chunks, current, options.width - length, options)
  return current
}

function takeLongWord(chunks: string[], current: string[], space: number, options: WrapOptions): void {
  const word = chunks.pop()!
  if (options.breaksLongWords) {
    const taken = Math.max(1, space)
    current.push(word.slice(0, taken))
    if (taken < word.length) chunks.push(word.slice(taken))
  } else if (current.length === 0) current.push(word)
  else chunks.push(word)
}
