import type { Undefined } from './values/undefined.ts'

/** Where a template finds its names: `ref`, `config`, macros. Looked up lazily, once per name and render. */
export interface Scope {
  /** The value of a name, or undefined where the template shall see an undefined. Values are those of `values/`. */
  lookup(name: string): unknown
  /** The names that `lookup` knows, for "did you mean". Asked only when a template fails. */
  names?(): Iterable<string>
  /** What a name is that neither `lookup` nor Jinja knows, in the words of the scope; `hint` is the engine's "did you mean". */
  missing?(name: string, hint: () => string | undefined): Undefined
}
