import { TemplateError } from './errors.ts'
import { atPlaces, templateIn } from './parse.ts'
import type { CompiledTemplate } from './program/compiled-template.ts'
import { RenderContext } from './program/context.ts'
import { Frame, Places } from './program/frame.ts'
import { locate } from './program/located-error.ts'
import { MacroReturn } from './program/macro.ts'
import { type Output, OutputSourceMap, Recording } from './program/output.ts'
import type { Program } from './program/program.ts'
import type { Rendered } from './rendered.ts'
import type { Scope } from './scope.ts'
import type { TemplateTree } from './tree.ts'

/** Renders without waiting: a call whose answer is a promise fails. Throws `UserError` with a located diagnostic. */
export function renderSync(tree: TemplateTree, scope: Scope): Rendered {
  const run = prepare(tree, scope, (template) => template.renderProgram('sync'))
  // A synchronous program gives its output, not a promise.
  return rendered(run.attempt() as Output)
}

/** Renders and waits for what is called. Throws `UserError` with a located diagnostic. */
export async function renderAsync(tree: TemplateTree, scope: Scope): Promise<Rendered> {
  const run = prepare(tree, scope, (template) => template.renderProgram('async'))
  try {
    return rendered(await run.attempt())
  } catch (error) {
    throw run.finalError(error)
  }
}

function rendered(output: Output): Rendered {
  return { text: output.text, map: new OutputSourceMap(output) }
}

/** One run of a program. */
export class Run<Result> {
  private readonly context: RenderContext
  private readonly frame: Frame
  private readonly program: Program<Result>

  constructor(context: RenderContext, frame: Frame, program: Program<Result>) {
    this.context = context
    this.frame = frame
    this.program = program
  }

  attempt(): Result {
    try {
      return this.program.run(this.context, this.frame)
    } catch (error) {
      throw this.finalError(error)
    }
  }

  /** A `return()` that no macro caught has nowhere to go. */
  finalError(error: unknown): unknown {
    if (!(error instanceof MacroReturn)) return error
    const message = '"return" is only possible inside a macro.'
    return locate(new TemplateError(message), this.frame, 0)
  }
}

/** Makes a program of the tree ready to run in a scope. */
export function prepare<Result>(
  tree: TemplateTree,
  scope: Scope,
  compile: (template: CompiledTemplate) => Program<Result>,
): Run<Result> {
  const template = templateIn(tree)
  const program = atPlaces(tree.file, tree.extent.start, () => compile(template))
  const places = new Places(tree.file, tree.extent.start, program.positions)
  const context = new RenderContext(scope, () => template.localNames)
  return new Run(context, new Frame(places, new Recording()), program)
}
