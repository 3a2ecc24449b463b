import type { Expression, MacroNode, Statement } from '../syntax/nodes.ts'
import type { RenderContext } from './context.ts'
import type { Frame } from './frame.ts'
import type { Macro } from './macro.ts'
import type { Output } from './output.ts'
import { RUNTIME } from './runtime.ts'
import { StatementCompiler } from './statement-compiler.ts'

/** Generated code, ready to run. Independent of file and scope: `positions` says where its places are in the text. */
export interface Program<Result> {
  readonly run: (context: RenderContext, frame: Frame) => Result
  /** Start and end of place 0, of place 1, … */
  readonly positions: readonly number[]
}

export type Mode = 'sync' | 'async'

/** Renders statements. The asynchronous program gives a promise. */
export function compileTemplate(body: readonly Statement[], mode: Mode): Program<Output | Promise<Output>> {
  const compiler = new ProgramCompiler({ isAsync: mode === 'async' })
  return link(compiler.templateCode(body), compiler.positions)
}

/** Makes the macro of a block. */
export function compileMacro(node: MacroNode, mode: Mode): Program<Macro> {
  const compiler = new ProgramCompiler({ isAsync: mode === 'async' })
  return link(compiler.macroMakerCode(node), compiler.positions)
}

/** Gives the value of one expression, synchronously. */
export function compileExpression(expression: Expression): Program<unknown> {
  const compiler = new ProgramCompiler({ isAsync: false })
  return link(compiler.expressionCode(expression), compiler.positions)
}

class ProgramCompiler extends StatementCompiler {
  templateCode(body: readonly Statement[]): string {
    return `return ${this.asyncPrefix}function(C,F)${this.template(body)}`
  }

  macroMakerCode(node: MacroNode): string {
    return `return function(C,F){return ${this.macro(node)};}`
  }

  expressionCode(expression: Expression): string {
    return `return function(C,F)${this.native(expression)}`
  }
}

/**
 * The one place that turns text into running code. The text comes from `StatementCompiler` alone, which writes nothing of
 * a template outside quotes (`escapes/` holds the tests); it sees the runtime and no other name of ours.
 */
function link<Result>(code: string, positions: readonly number[]): Program<Result> {
  const make = new Function('R', `"use strict";${code}`)
  // The compiler wrote a function that returns a function of this type.
  return { run: make(RUNTIME) as Program<Result>['run'], positions }
}
