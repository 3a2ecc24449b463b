import type { Diagnostic } from './diagnostic.ts'

/** The user's mistakes: a stage collected them and stopped. Carries at least one diagnostic of severity `error`. */
export class UserError extends Error {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: Diagnostic | readonly Diagnostic[], options?: ErrorOptions) {
    const list: readonly Diagnostic[] = 'code' in diagnostics ? [diagnostics] : diagnostics
    super(list.map((diagnostic) => diagnostic.message).join('\n'), options)
    this.name = 'UserError'
    this.diagnostics = list
  }
}

/** Makes an error diagnostic; the short form for the functions that own a problem's wording. */
export function problem(
  code: string,
  message: string,
  details: Omit<Partial<Diagnostic>, 'code' | 'message'> = {},
): Diagnostic {
  return { severity: 'error', ...details, code, message }
}

/**
 * Throws when any of the diagnostics is an error; returns the warnings. The end of every stage. What many nodes meet at one
 * place, such as a setting of the project file, is said once.
 */
export function stopOnErrors(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const distinct = [...new Map(diagnostics.map((diagnostic) => [identityOf(diagnostic), diagnostic])).values()]
  if (distinct.some((diagnostic) => diagnostic.severity === 'error')) throw new UserError(distinct)
  return distinct
}

function identityOf({ code, message, place }: Diagnostic): string {
  return JSON.stringify([code, message, place?.file.path, place?.start])
}

/** Runs something; what a `UserError` says is added to `problems`, and there is no result then. */
export function collecting<Result>(problems: Diagnostic[], run: () => Result): Result | undefined {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    problems.push(...error.diagnostics)
    return undefined
  }
}

/** Something that cannot happen unless Lavra is wrong. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Internal error: ${message}`)
}
