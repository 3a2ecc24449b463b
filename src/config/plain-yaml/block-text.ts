import { matchAt } from './match.ts'

/** `>` folds lines into one, `|` keeps them; `-` drops the last line break. */
const HEADER = /([>|])(-?)\n( +)(?=[^ \n])/y

/** Lines with nothing but spaces: of some the text is made. */
const NOT_OVER = /\n* +(?:\n|$)/y
const EMPTY_LINES = /\n*/y

/** A text of several lines: `description: >`. */
export interface BlockText {
  readonly value: string
  /** After its last character that is no line break. */
  readonly end: number
}

/**
 * Reads the text whose `>` or `|` stands at an offset, below a line that is indented by `indent`. Plain is a text whose lines
 * are all indented alike, with no empty line in between and no space at a line's end.
 */
export function readBlockText(text: string, start: number, indent: number): BlockText | undefined {
  const header = matchAt(HEADER, text, start)
  if (!header) return undefined
  const margin = header[3]!
  if (margin.length <= indent) return undefined
  const line = new RegExp(`${margin}([^ \\n](?:[^\\n]*[^ \\n])?)\\n`, 'y')
  const lines: string[] = []
  let at = start + 2 + header[2]!.length
  for (let found = matchAt(line, text, at); found; found = matchAt(line, text, at)) {
    lines.push(found[1]!)
    at += found[0].length
  }
  if (lines.length === 0 || matchAt(NOT_OVER, text, at) || isIndented(text, at, margin)) return undefined
  const value = lines.join(header[1] === '>' ? ' ' : '\n')
  return { value: header[2] === '-' ? value : `${value}\n`, end: at - 1 }
}

/** Whether the next line that is not empty would belong to the text. */
function isIndented(text: string, at: number, margin: string): boolean {
  return text.startsWith(margin, at + matchAt(EMPTY_LINES, text, at)![0].length)
}
