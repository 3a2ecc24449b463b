import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { UserError } from '../diagnostics/errors.ts'
import { parseTemplate, type Rendered, type TemplatePlace, type TemplateTree } from '../template/index.ts'
import { type SourceFile, type Span, span } from '../text/source-file.ts'

/**
 * Parses a template that is the value of a setting and hands it to `use`. `place` is the value or its beginning. Where the
 * file holds the text as it is, places are exact; where quoting or folding changed it, every place in it becomes `place`.
 */
export function withTemplateText<Result>(text: string, place: Span, use: (tree: TemplateTree) => Result): Result {
  const extent = writtenExtent(text, place)
  if (extent) return use(parseTemplate(place.file, extent))
  const file = { path: place.file.path, text }
  return relocating(file, place, () => use(parseTemplate(file)))
}

/** The same for a use that takes its time. */
export async function withTemplateTextAsync<Result>(
  text: string,
  place: Span,
  use: (tree: TemplateTree) => Promise<Result>,
): Promise<Result> {
  const extent = writtenExtent(text, place)
  if (extent) return await use(parseTemplate(place.file, extent))
  const file = { path: place.file.path, text }
  try {
    return await use(parseTemplate(file))
  } catch (error) {
    throw relocated(error, file, place)
  }
}

/** The place of a text that is a setting, or part of one that starts at `place`; `place` itself where it cannot be told. */
export function placeOfText(text: string, place: Span): Span {
  return writtenExtent(text, place) ?? place
}

/** Where the text stands: at the place, or behind it in the quotes of a list or map that starts there. */
function writtenExtent(text: string, place: Span): Span | undefined {
  const { file, start } = place
  const written = [start, file.text.indexOf(`"${text}"`, start) + 1, file.text.indexOf(`'${text}'`, start) + 1]
  const first = written.find((at) => at >= start && text !== '' && file.text.startsWith(text, at))
  return first === undefined ? undefined : span(file, first, first + text.length)
}

/** Runs something; a place that an error has in `file`, which nobody wrote, becomes `place`. */
export function relocating<Result>(file: SourceFile, place: Span, run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    throw relocated(error, file, place)
  }
}

/** The error with places that people can find. */
export function relocated(error: unknown, file: SourceFile, place: Span): unknown {
  if (!(error instanceof UserError)) return error
  const moved = (span: Span | undefined) => (span?.file === file ? place : span)
  const diagnostics = error.diagnostics.map((diagnostic): Diagnostic => {
    const { place: at, related, ...rest } = diagnostic
    return {
      ...rest,
      ...(at ? { place: moved(at)! } : {}),
      ...(related
        ? { related: related.map((each) => (each.place ? { ...each, place: moved(each.place)! } : each)) }
        : {}),
    }
  })
  return new UserError(diagnostics, { cause: error })
}

/** Whether a file came with Lavra: nobody can change it to be rid of an error. */
function isBuiltin(place: Span): boolean {
  return place.file.path.startsWith('lavra/')
}

/**
 * The error with every diagnostic that points into a macro of Lavra pointing at the user's call of it instead; the macro's own
 * place is dropped. Other errors stay as they are.
 */
export function atUsersPlace(error: unknown): unknown {
  if (!(error instanceof UserError)) return error
  if (!error.diagnostics.some(({ place }) => place && isBuiltin(place))) return error
  return new UserError(error.diagnostics.map(pointAtUsersCall), { cause: error })
}

/** The diagnostic pointing at the user's call where it points into a macro of Lavra. */
export function pointAtUsersCall(diagnostic: Diagnostic): Diagnostic {
  const { place, related = [], ...rest } = diagnostic
  const first = related.findIndex((each) => each.place && !isBuiltin(each.place))
  if (!place || !isBuiltin(place) || first < 0) return diagnostic
  const outer = related.slice(first + 1)
  return { ...rest, place: related[first]!.place!, ...(outer.length > 0 ? { related: outer } : {}) }
}

/** Rendered text whose map never leads into `file`, which nobody wrote, but to `place`. */
export function relocatedText(rendered: Rendered, file: SourceFile, place: Span): Rendered {
  const moved = (span: Span) => (span.file === file ? place : span)
  return {
    text: rendered.text,
    map: {
      locate(offset): TemplatePlace | undefined {
        const found = rendered.map.locate(offset)
        if (!found) return undefined
        return { place: moved(found.place), calls: found.calls.map((call) => ({ ...call, place: moved(call.place) })) }
      },
    },
  }
}
