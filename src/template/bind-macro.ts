import { templateIn } from './parse.ts'
import { RenderContext } from './program/context.ts'
import { Frame, Places } from './program/frame.ts'
import type { Macro } from './program/macro.ts'
import { Recording } from './program/output.ts'
import type { Mode } from './program/program.ts'
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
    const { tree } = this.definition
    const template = templateIn(tree)
    const program = template.macroProgram(this.mode)
    const places = new Places(tree.file, tree.extent.start, program.positions)
    const context = new RenderContext(this.scope, this.mode, () => template.localNames)
    this.made = program.run(context, new Frame(places, new Recording()))
    return this.made
  }
}
