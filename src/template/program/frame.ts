import type { SourceFile, Span } from '../../text/source-file.ts'
import { raise } from '../errors.ts'
import type { CallSite, MacroCall } from '../values/call-site.ts'
import type { Recording } from './output.ts'

/** Python stops near a thousand nested calls; a macro takes two or three of them. */
const DEEPEST_CALLS = 400

/** The places that a program speaks of by number, in one file. Programs are shared by equal texts, places are not. */
export class Places {
  readonly file: SourceFile
  private readonly offset: number
  private readonly table: readonly number[]

  constructor(file: SourceFile, offset: number, table: readonly number[]) {
    this.file = file
    this.offset = offset
    this.table = table
  }

  span(index: number): Span {
    const start = this.table[2 * index] ?? 0
    const end = this.table[2 * index + 1] ?? start
    return { file: this.file, start: this.offset + start, end: this.offset + end }
  }
}

/**
 * One running piece of a template: the body of a file, of a macro or of a `{% call %}` block. Frames know who called
 * them, so the macro stack is there when somebody asks and costs nothing before. Depth is counted, because recursion in
 * asynchronous code never overflows the stack: it eats the memory.
 */
export class Frame {
  readonly places: Places
  readonly recording: Recording
  private readonly macro: string | undefined
  private readonly caller: Call | undefined
  private readonly depth: number

  constructor(places: Places, recording: Recording, macro?: string, caller?: Call) {
    this.places = places
    this.recording = recording
    this.macro = macro
    this.caller = caller
    this.depth = caller ? caller.frame.depth + 1 : 0
    if (this.depth > DEEPEST_CALLS) {
      raise('RecursionError', 'maximum recursion depth exceeded', {
        sentence: `Macros are nested more than ${DEEPEST_CALLS} deep: "${macro ?? 'this template'}" seems to call itself without end.`,
      })
    }
  }

  /** The macros around this frame, innermost first. */
  get macroStack(): readonly MacroCall[] {
    const stack: MacroCall[] = []
    for (let frame: Frame | undefined = this; frame?.caller; frame = frame.caller.frame) {
      if (frame.macro !== undefined) stack.push({ macro: frame.macro, place: frame.caller.place })
    }
    return stack
  }
}

/** A call in a template. */
export class Call implements CallSite {
  readonly frame: Frame
  private readonly position: number

  constructor(frame: Frame, position: number) {
    this.frame = frame
    this.position = position
  }

  get place(): Span {
    return this.frame.places.span(this.position)
  }

  get macroStack(): readonly MacroCall[] {
    return this.frame.macroStack
  }
}
