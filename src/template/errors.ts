/** What else an error of a template may say. */
export interface TemplateErrorOptions extends ErrorOptions {
  /** What to do about it, in one line. */
  readonly hint?: string | undefined
  /** The class that Python or Jinja raises for it; templates of dbt projects are written against those. */
  readonly type?: string
  /** A plainer sentence for people, where Python's own message (kept as `message`) is hard to read. */
  readonly sentence?: string
}

/**
 * Something a template did wrong. Host functions throw it with a plain sentence; the engine adds the place of the call
 * and the macro stack and passes it on as a `UserError`.
 */
export class TemplateError extends Error {
  readonly type: string
  readonly sentence: string
  readonly hint: string | undefined

  constructor(message: string, options: TemplateErrorOptions = {}) {
    super(message, options)
    this.name = 'TemplateError'
    this.type = options.type ?? 'TemplateRuntimeError'
    this.sentence = options.sentence ?? message
    this.hint = options.hint
  }
}

/** Fails as Python does: its class of error and its message. */
export function raise(type: string, message: string, options: TemplateErrorOptions = {}): never {
  throw new TemplateError(message, { ...options, type })
}

/** A template that does not follow the grammar. Offsets count from the start of the text that was parsed. */
export class TemplateSyntaxError extends TemplateError {
  readonly start: number
  readonly end: number
  /** The block that is still open, where that explains the error. */
  readonly opening: { readonly name: string; readonly start: number; readonly end: number } | undefined

  constructor(
    sentence: string,
    place: { readonly start: number; readonly end: number },
    details: {
      readonly hint?: string | undefined
      /** Jinja's own wording. */
      readonly jinja?: string
      readonly type?: string
      readonly opening?: { readonly name: string; readonly start: number; readonly end: number }
    } = {},
  ) {
    super(details.jinja ?? sentence, { sentence, hint: details.hint, type: details.type ?? 'TemplateSyntaxError' })
    this.start = place.start
    this.end = place.end
    this.opening = details.opening
  }
}
