import type { ProjectFile } from '../config/project-file.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { Span } from '../text/source-file.ts'
import type { LintSeverities } from './lint.ts'
import { LINTS } from './lints.ts'

/** The severities under `lints` of the project file. Throws `UserError` for a code that no lint has. */
export function lintSeverities({ lints }: Pick<ProjectFile, 'lints'>): LintSeverities {
  const known = LINTS.map(({ code }) => code)
  const unknown = Object.entries(lints).filter(([code]) => !known.includes(code))
  if (unknown.length > 0) throw new UserError(unknown.map(([code, { place }]) => lintUnknown(code, place, known)))
  return Object.fromEntries(Object.entries(lints).map(([code, { severity }]) => [code, severity]))
}

function lintUnknown(code: string, place: Span, known: readonly string[]): Diagnostic {
  return problem('lint-unknown', `There is no lint "${code}".`, {
    place,
    hint: didYouMean(code, known) ?? `the lints are ${known.join(', ')}`,
  })
}
