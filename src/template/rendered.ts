import type { Span } from '../text/source-file.ts'

/** What a render gave. */
export interface Rendered {
  readonly text: string
  readonly map: SourceMap
}

/** Leads from an offset of rendered text back to the template that wrote it. */
export interface SourceMap {
  /** The place of one offset, or undefined where the text came from nowhere (an empty template). */
  locate(offset: number): TemplatePlace | undefined
}

export interface TemplatePlace {
  /** The innermost place: exact inside literal template text, the whole `{{ … }}` where a value was printed. */
  readonly place: Span
  /** The calls that led there, innermost first: empty for text of the file itself. */
  readonly calls: readonly { readonly macro: string; readonly place: Span }[]
}
