import type { SourceFile, Span } from '../../text/source-file.ts'
import type { SourceMap, TemplatePlace } from '../rendered.ts'
import type { MacroCall } from '../values/call-site.ts'
import { str } from '../values/text.ts'

/** Shorter texts are too often equal by accident to be taken for a macro's output that went through a variable. */
const SHORTEST_REMEMBERED = 24

/** What an output asks of the frame that writes it. */
interface Writer {
  readonly recording: Recording
  readonly places: { span(index: number): Span }
  /** The macros around the frame, innermost first. */
  readonly macroStack: readonly MacroCall[]
}

/**
 * The text that a frame writes, and where each piece of it came from: one number per piece of literal text or printed
 * value, or the whole output of a macro, block or call body that was printed.
 */
export class Output {
  text = ''
  private readonly frame: Writer
  private readonly starts: number[] = []
  /** A place index for a printed value, `-1 - index` for literal text, or the output that was printed. */
  private readonly origins: (number | Output)[] = []

  constructor(frame: Writer) {
    this.frame = frame
  }

  literal(text: string, position: number): void {
    this.add(text, -1 - position)
  }

  print(value: unknown, position: number): void {
    if (typeof value !== 'string') this.add(str(value), position)
    else if (value !== '') this.add(value, this.frame.recording.originOf(value) ?? position)
  }

  /** Appends text with its origin. */
  add(text: string, origin: number | Output): void {
    if (text === '') return
    this.starts.push(this.text.length)
    this.origins.push(origin)
    this.text += text
  }

  locate(offset: number): TemplatePlace | undefined {
    const piece = lastAtMost(this.starts, offset)
    if (piece < 0) return undefined
    const origin = this.origins[piece]!
    const into = offset - this.starts[piece]!
    if (typeof origin !== 'number') return origin.locate(into)
    const calls = this.frame.macroStack
    if (origin >= 0) return { place: this.frame.places.span(origin), calls }
    return { place: literalPlace(this.frame.places.span(-1 - origin), into), calls }
  }
}

/** The text of macros, call bodies and blocks of one render, by which a printed string is known again. */
export class Recording {
  private last: Output | undefined
  private readonly byText = new Map<string, Output>()

  /** Takes note of a finished output and gives its text. */
  remember(output: Output): string {
    this.last = output
    if (output.text.length >= SHORTEST_REMEMBERED) this.byText.set(output.text, output)
    return output.text
  }

  /** A macro returns a string that no macro wrote: its text comes from the `return`. */
  rememberReturned(text: string, frame: Writer, position: number): void {
    if (this.last?.text === text || this.byText.has(text)) return
    const output = new Output(frame)
    output.add(text, position)
    this.remember(output)
  }

  originOf(text: string): Output | undefined {
    const last = this.last
    this.last = undefined
    if (last?.text === text) return last
    return text.length >= SHORTEST_REMEMBERED ? this.byText.get(text) : undefined
  }
}

/** The map of a whole render. Offsets beyond the end count as the end, where databases like to point. */
export class OutputSourceMap implements SourceMap {
  private readonly output: Output

  constructor(output: Output) {
    this.output = output
  }

  locate(offset: number): TemplatePlace | undefined {
    return this.output.locate(Math.max(0, Math.min(offset, this.output.text.length - 1)))
  }
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let low = -1
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (sorted[middle]! <= value) low = middle
    else high = middle - 1
  }
  return low
}

/** The exact place of a character of literal text: `\r\n` in the file is one character of the text. */
function literalPlace(text: Span, into: number): Span {
  let at = text.start
  for (let left = into; left > 0; left--) at += newlineLength(text.file, at)
  return { file: text.file, start: at, end: at }
}

function newlineLength(file: SourceFile, at: number): number {
  return file.text[at] === '\r' && file.text[at + 1] === '\n' ? 2 : 1
}
