import type { Macro } from './program/macro.ts'
import type { Mode } from './program/program.ts'
import { prepare } from './render.ts'
import type { Scope } from './scope.ts'
import type { MacroDefinition } from './tree.ts'
import type { CallSite } from './values/call-site.ts'
import { type Arguments, type HostCallable, HostObject, type KeywordArguments } from './values/host-object.ts'

/**
 * A macro that finds its names in a scope. Nothing is compiled before the first call, and then once for equal texts.
 * Calling it gives what `return()` gave or the text; in `async` mode it gives a promise of that.
 */
export function bindMacro(definition: MacroDefinition, scope: Scope, mode: Mode): HostCallable {
  return new BoundMacro(definition, scope, mode)
}

class BoundMacro extends HostObject implements HostCallable {
  readonly typeName = 'Macro'
  private readonly definition: MacroDefinition
  private readonly scope: Scope
  private readonly mode: Mode
  private made: Macro | undefined

  constructor(definition: MacroDefinition, scope: Scope, mode: Mode) {
    super()
    this.definition = definition
    this.scope = scope
    this.mode = mode
  }

  override call(args: Arguments, kwargs: KeywordArguments, call?: CallSite): unknown {
    return this.macro.call(args, kwargs, call)
  }

  override attr(name: string): unknown {
    return this.macro.attr(name)
  }

  override names(): readonly string[] {
    return this.macro.names()
  }

  override str(): string {
    return `<Macro '${this.definition.name}'>`
  }

  private get macro(): Macro {
    if (this.made) return this.made
    const run = prepare(this.definition.tree, this.scope, (template) => template.macroProgram(this.mode))
    this.made = run.attempt()
    return this.made
  }
}
