import type { Diagnostic } from './diagnostic.ts'
import { UserError } from './errors.ts'

/** What becomes of a warning: it is told, it is an error, or nobody hears of it. */
export type WarningFate = 'warn' | 'error' | 'silence'

/** The fate of warnings by their code. */
export type WarningPolicy = (code: string) => WarningFate

/** Warnings are told, as they are unless somebody asks for more. */
export const tellWarnings: WarningPolicy = () => 'warn'

/** The diagnostics that are told, as errors where the policy says so. */
export function withFates(policy: WarningPolicy, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.flatMap((diagnostic): readonly Diagnostic[] => {
    if (diagnostic.severity === 'error') return [diagnostic]
    const fate = policy(diagnostic.code)
    if (fate === 'silence') return []
    return fate === 'error' ? [{ ...diagnostic, severity: 'error' }] : [diagnostic]
  })
}

/**
 * The diagnostics that are told. Throws `UserError` with all of them when a warning among them is an error, or one was an
 * error already.
 */
export function heedWarnings(policy: WarningPolicy, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = withFates(policy, diagnostics)
  if (told.some(({ severity }) => severity === 'error')) throw new UserError(told)
  return told
}
