import { TemplateError } from '../errors.ts'

/**
 * What a name, attribute or item is that does not exist: prints as nothing, is false and empty, and fails as soon as
 * more is asked of it.
 */
export class Undefined {
  private readonly jinja: string
  private readonly details: { readonly sentence?: string; readonly hint?: () => string | undefined }

  /** `jinja` is Jinja's wording; the sentence and the hint (worked out only when needed) are for people. */
  constructor(jinja: string, details: { readonly sentence?: string; readonly hint?: () => string | undefined } = {}) {
    this.jinja = jinja
    this.details = details
  }

  /** Throws: something was asked of it that an undefined value does not have. */
  fail(): never {
    throw new TemplateError(this.jinja, {
      type: 'UndefinedError',
      sentence: this.details.sentence ?? `${this.jinja}.`,
      hint: this.details.hint?.(),
    })
  }
}
