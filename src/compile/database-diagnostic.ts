import type { DatabaseError } from '../adapters/adapter.ts'
import { pointAtUsersCall } from '../context/index.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { TemplatePlace } from '../template/index.ts'
import type { Span } from '../text/source-file.ts'
import type { CompiledText } from './compile-text.ts'
import { describeCall, placeInTemplate } from './place-in-template.ts'

/** What failed: enough to lead an error of the engine back to the file that the user wrote. */
export interface FailedStatement {
  readonly compiled?: CompiledText
  /** Where the compiled SQL starts inside the statement that failed; absent when the statement was ours alone. */
  readonly mainOffset?: number
  /** `model orders`, for the error's first line. */
  readonly subject: string
  readonly engine: string
  /** The place to show when the engine did not say where. */
  readonly fallback?: Span | undefined
  /** Where the node's indexes are asked for: rows that break a unique one are told there. */
  readonly ofIndexes?: Span | undefined
  /** The setting that stands around the compiled SQL in the statement: `error_if` of a test. */
  readonly around?: Span | undefined
  /** What to do about it, where the project knows more than the engine. */
  readonly hint?: string
}

/** An error of the engine as a diagnostic in the user's own file. */
export function databaseDiagnostic(error: DatabaseError, failed: FailedStatement): Diagnostic {
  const located = locate(error, failed)
  const [message = '', guess] = error.message.split(GUESS)
  const hint = failed.hint ?? hintFor(error, guess)
  const broken = error.code === 'constraint' ? failed.ofIndexes : undefined
  const around = isAround(error, failed) ? failed.around : undefined
  const place = located?.place ?? around ?? broken ?? failed.fallback
  return pointAtUsersCall(
    problem('database', `${error.title}: ${message}`, {
      ...(place ? { place } : {}),
      subject: `${failed.subject}, ${failed.engine}`,
      ...(located && located.calls.length > 0 ? { related: located.calls.map(describeCall) } : {}),
      ...(hint ? { hint } : {}),
    }),
  )
}

/** What an engine says of a type that it does not know, and what to do. */
export function saidOfType(type: string, error: DatabaseError): { readonly message: string; readonly hint: string } {
  const [message = '', guess] = error.message.split(GUESS)
  const near = guess === undefined ? [] : [guess.slice(1, -1)]
  return { message, hint: didYouMean(type, near) ?? error.hint ?? 'write a type as the database names it' }
}

/** The engine's own guess, which may be far off: ours is made of the names that it knows, and only if one is near. */
const GUESS = /\n+Did you mean:? ("[^\n]*")\??$/

/** Whether the engine points into what stands around the user's SQL. */
function isAround(error: DatabaseError, { compiled, mainOffset }: FailedStatement): boolean {
  if (error.position === undefined || mainOffset === undefined || !compiled) return false
  return error.position < mainOffset || error.position > mainOffset + compiled.sql.length
}

function locate(error: DatabaseError, failed: FailedStatement): TemplatePlace | undefined {
  if (error.position === undefined || failed.mainOffset === undefined || !failed.compiled) return undefined
  return placeInTemplate(failed.compiled, error.position - failed.mainOffset)
}

function hintFor(error: DatabaseError, guess: string | undefined): string | undefined {
  if (error.hint !== undefined) return error.hint
  if (error.unknownName) return didYouMean(error.unknownName, namesNear(error))
  if (guess !== undefined) return `did you mean ${guess}?`
  if (error.code === 'syntax' && error.message.endsWith('near ";"')) return 'write one query, without a ";"'
  switch (error.code) {
    case 'disk-full':
      return 'free some space; nothing was published and the next run starts clean'
    case 'transaction':
      return 'leave it out; what has to run after the publication is a hook with "transaction: false"'
    case 'locked':
      return 'end what uses it, or wait longer with "lock_timeout" under "publish" in the project file'
    case 'out-of-memory':
      return 'raise "memory_limit" in the profile, or lower "threads"'
    default:
      return undefined
  }
}

/** A name that the engine calls unknown and near at once is one that went away while it ran. */
function namesNear({ candidates, unknownName }: DatabaseError): readonly string[] {
  return candidates.map(lastPart).filter((name) => name !== unknownName)
}

function lastPart(candidate: string): string {
  return candidate.slice(candidate.lastIndexOf('.') + 1)
}
