/** Where a template finds its names: `ref`, `config`, macros. Looked up lazily, once per name and render. */
export interface Scope {
  /** The value of a name, or undefined where the template shall see an undefined. Values are those of `values/`. */
  lookup(name: string): unknown
}
