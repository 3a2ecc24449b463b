import { invariant, problem, UserError } from '../diagnostics/errors.ts'
import { type SourceFile, span } from '../text/source-file.ts'
import { TemplateSyntaxError } from './errors.ts'
import { CompiledTemplate, templateOf } from './program/compiled-template.ts'
import type { TemplateTree } from './tree.ts'

/**
 * Parses a file, or the part of it that `extent` names. Places count in the whole file.
 *
 * Throws `UserError` with one `template-syntax` diagnostic.
 */
export function parseTemplate(
  file: SourceFile,
  extent: { readonly start: number; readonly end: number } = { start: 0, end: file.text.length },
): TemplateTree {
  const text = file.text.slice(extent.start, extent.end)
  const root = atPlaces(file, extent.start, () => templateOf(text))
  return { file, extent: span(file, extent.start, extent.end), root }
}

/** The parser and the compiler go one call deeper for each bracket and block. */
const NESTED_TOO_DEEP = 'The brackets or blocks of this template are nested too deep.'

/** Parses or compiles: runs something that throws `TemplateSyntaxError`, and turns that into a diagnostic of the file. */
export function atPlaces<Result>(file: SourceFile, offset: number, run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (error instanceof TemplateSyntaxError) throw syntaxProblem(error, file, offset)
    if (error instanceof RangeError && /call stack/.test(error.message)) {
      throw new UserError(problem('template-syntax', NESTED_TOO_DEEP, { place: span(file, offset) }), { cause: error })
    }
    throw error
  }
}

function syntaxProblem(error: TemplateSyntaxError, file: SourceFile, offset: number): UserError {
  const { opening } = error
  const openedAt = opening && span(file, opening.start + offset, opening.end + offset)
  const diagnostic = problem('template-syntax', error.sentence, {
    place: span(file, error.start + offset, error.end + offset),
    ...(openedAt && {
      related: [{ message: `the "${opening.name}" that is open`, place: openedAt }],
    }),
    ...(error.hint !== undefined && { hint: error.hint }),
  })
  return new UserError(diagnostic, { cause: error })
}

/** What `parseTemplate` put into a tree. */
export function templateIn(tree: TemplateTree): CompiledTemplate {
  invariant(tree.root instanceof CompiledTemplate, `the tree of ${tree.file.path} was not made by parseTemplate`)
  return tree.root
}
