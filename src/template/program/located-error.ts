import type { Diagnostic, RelatedPlace } from '../../diagnostics/diagnostic.ts'
import { problem, UserError } from '../../diagnostics/errors.ts'
import type { Span } from '../../text/source-file.ts'
import { TemplateError } from '../errors.ts'
import type { MacroCall } from '../values/call-site.ts'
import type { Frame } from './frame.ts'
import { MacroReturn } from './macro.ts'

const located = new WeakSet<Error>()

/**
 * An error on its way out of a template, with the place where it happened and the macros around it. The innermost frame
 * does it; the outer ones pass on what is located. Mistakes of ours stay as they are.
 */
export function locate(error: unknown, frame: Frame, position: number): unknown {
  if (error instanceof MacroReturn || (error instanceof Error && located.has(error))) return error
  const userError = toUserError(error, frame.places.span(position), frame.macroStack)
  if (userError) located.add(userError)
  return userError ?? error
}

function toUserError(error: unknown, place: Span, stack: readonly MacroCall[]): UserError | undefined {
  if (error instanceof TemplateError) return templateProblem(error, place, stack)
  if (error instanceof UserError) {
    const diagnostics = error.diagnostics.map((diagnostic) => addPlace(diagnostic, place, stack))
    return new UserError(diagnostics, { cause: error })
  }
  if (error instanceof RangeError) return templateProblem(tooMuch(error), place, stack)
  return undefined
}

/** JavaScript's own limits, met by a template that nests too deep or makes something too long. */
function tooMuch(error: RangeError): TemplateError {
  if (!/call stack/.test(error.message)) {
    return new TemplateError('The result is too large.', { type: 'MemoryError', cause: error })
  }
  return new TemplateError('maximum recursion depth exceeded', {
    type: 'RecursionError',
    sentence: 'Calls are nested too deep: one seems to call itself without end.',
    cause: error,
  })
}

/** The diagnostic of an error at a place. */
export function templateProblem(error: TemplateError, place: Span, stack: readonly MacroCall[] = []): UserError {
  const { sentence, hint } = error
  const related = relatedPlaces(stack)
  const details = { place, ...(related.length > 0 && { related }), ...(hint !== undefined && { hint }) }
  return new UserError(problem('template-error', sentence, details), { cause: error })
}

/** What a host function said stays; what it left open is filled in. */
function addPlace(diagnostic: Diagnostic, place: Span, stack: readonly MacroCall[]): Diagnostic {
  const related = [...(diagnostic.related ?? []), ...relatedPlaces(stack)]
  return { ...diagnostic, place: diagnostic.place ?? place, ...(related.length > 0 && { related }) }
}

/** Runaway recursion has hundreds of calls; the first and the last ones tell it all. */
const MOST_INNER_CALLS = 8
const MOST_OUTER_CALLS = 2

function relatedPlaces(stack: readonly MacroCall[]): readonly RelatedPlace[] {
  const calls = stack.map(({ macro, place }) => ({ message: `in macro ${macro}, called from here`, place }))
  const hidden = calls.length - MOST_INNER_CALLS - MOST_OUTER_CALLS
  if (hidden <= 1) return calls
  const gap = { message: `… ${hidden} more calls` }
  return [...calls.slice(0, MOST_INNER_CALLS), gap, ...calls.slice(-MOST_OUTER_CALLS)]
}
