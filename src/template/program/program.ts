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
  return link(compiler, compiler.templateCode(body))
}

/** Makes the macro of a block. */
export function compileMacro(node: MacroNode, mode: Mode): Program<Macro> {
  const compiler = new ProgramCompiler({ isAsync: mode === 'async' })
  return link(compiler, compiler.macroMakerCode(node))
}

/** Gives the value of one expression, synchronously. */
export function compileExpression(expression: Expression): Program<unknown> {
  const compiler = new ProgramCompiler({ isAsync: false })
  return link(compiler, compiler.expressionCode(expression))
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

type Maker = (runtime: typeof RUNTIME, texts: readonly string[]) => unknown

/** Code of templates of one shape, made once. Bounded, like the templates themselves. */
const MOST_MAKERS = 10_000
const makers = new Map<string, Maker>()

function link<Result>({ positions, texts }: ProgramCompiler, code: string): Program<Result> {
  const make = makers.get(code) ?? makerOf(code)
  // The compiler wrote a function that returns a function of this type.
  return { run: make(RUNTIME, texts) as Program<Result>['run'], positions }
}

/**
 * The one place that turns text into running code. The text comes from `StatementCompiler` alone, which writes no text of
 * a template into it (`escapes/` holds the tests); it sees the runtime, the texts as values, and no other name of ours.
 */
function makerOf(code: string): Maker {
  // The code ends in the `return` of what it makes.
  const make = new Function('R', 'K', `"use strict";${code}`) as Maker
  if (makers.size >= MOST_MAKERS) makers.delete(makers.keys().next().value ?? '')
  makers.set(code, make)
  return make
}
