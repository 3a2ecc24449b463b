import type { Span } from '../../text/source-file.ts'

/** One step of the way into a macro: its name and the place of the call. */
export interface MacroCall {
  readonly macro: string
  readonly place: Span
}

/** Where a function was called. Computed when read, so a call costs nothing for it. */
export interface CallSite {
  /** From the first character of the callee to the closing parenthesis. */
  readonly place: Span
  /** The macros in which the call stands, innermost first; empty in the body of a model. */
  readonly macroStack: readonly MacroCall[]
}
