import type { Span } from '../text/source-file.ts'

/** A problem in what the user wrote or in what the database answered. Data only: `format.ts` puts it into words. */
export interface Diagnostic {
  /** Stable kebab-case name of the kind of problem, such as `ref-not-found`. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** One plain sentence, or a few lines where the database said more. Says what is wrong and names the thing in quotes. */
  readonly message: string
  /** The place in the user's own file, where there is one. */
  readonly place?: Span
  /** What the place belongs to, when the place alone does not tell: `model orders, duckdb`. */
  readonly subject?: string
  /** Other places involved: the second duplicate, every edge of a cycle, the calls that led into a macro. */
  readonly related?: readonly RelatedPlace[]
  /** What to do about it, in one line. */
  readonly hint?: string
}

export interface RelatedPlace {
  readonly message: string
  readonly place?: Span
}
