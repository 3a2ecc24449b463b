import { didYouMean } from '../../diagnostics/suggest.ts'
import { GLOBALS } from '../builtins/globals.ts'
import type { Scope } from '../scope.ts'
import { Undefined } from '../values/undefined.ts'

/** The names of one template in one scope: each is looked up once. The scope comes before Jinja's own globals. */
export class RenderContext {
  private readonly scope: Scope
  private readonly localNames: () => readonly string[]
  private readonly found = new Map<string, unknown>()

  constructor(scope: Scope, localNames: () => readonly string[]) {
    this.scope = scope
    this.localNames = localNames
  }

  resolve(name: string): unknown {
    const known = this.found.get(name)
    if (known !== undefined) return known
    const value = this.lookup(name)
    this.found.set(name, value)
    return value
  }

  private lookup(name: string): unknown {
    const own = this.scope.lookup(name)
    const value = own === undefined ? GLOBALS.get(name) : own
    return value === undefined ? this.missing(name) : value
  }

  missing(name: string): Undefined {
    const hint = () => didYouMean(name, [...(this.scope.names?.() ?? []), ...GLOBALS.keys(), ...this.localNames()])
    const own = this.scope.missing?.(name, hint)
    return own ?? new Undefined(`'${name}' is undefined`, { sentence: `"${name}" is not defined.`, hint })
  }
}
