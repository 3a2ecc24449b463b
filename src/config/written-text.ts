import { type Span, span } from '../text/source-file.ts'

/**
 * Where a file holds exactly this text at a place, quotes around it left out; undefined where YAML's folding or escapes
 * changed it. A template that is parsed there has exact places.
 */
export function writtenText(text: string, { file, start, end }: Span): Span | undefined {
  return [span(file, start, end), span(file, start + 1, end - 1)].find(
    (extent) => file.text.slice(extent.start, extent.end) === text,
  )
}
