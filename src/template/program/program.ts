import type { Expression, MacroNode, Statement } from '../syntax/nodes.ts'
import { MODE_MARKS } from './code-writer.ts'
import type { RenderContext } from './context.ts'
import type { Frame } from './frame.ts'
import { RUNTIME } from './runtime.ts'
import { StatementCompiler } from './statement-compiler.ts'

/** Generated code, ready to run. Independent of file and scope: `positions` says where its places are in the text. */
export interface Program<Result> {
  readonly run: (context: RenderContext, frame: Frame) => Result
  /** Start and end of place 0, of place 1, … */
  readonly positions: readonly number[]
}

export type Mode = 'sync' | 'async'

/** The code of a program before it is made for a mode. */
export interface WrittenProgram {
  readonly shape: Shape
  readonly positions: readonly number[]
  readonly texts: readonly string[]
}

/** What templates share that differ in their texts alone. */
interface Shape {
  readonly code: string
  readonly makers: Map<Mode, Maker>
}

type Maker = (runtime: typeof RUNTIME, texts: readonly string[]) => unknown

/** Writes the program that renders statements: linked, it gives an `Output`, or in `async` mode a promise of it. */
export function writeTemplate(body: readonly Statement[]): WrittenProgram {
  const compiler = new ProgramCompiler()
  return written(compiler, compiler.templateCode(body))
}

/** Writes the program that makes the macro of a block. */
export function writeMacro(node: MacroNode): WrittenProgram {
  const compiler = new ProgramCompiler()
  return written(compiler, compiler.macroMakerCode(node))
}

/** Writes the program that gives the value of one expression. */
export function writeExpression(expression: Expression): WrittenProgram {
  const compiler = new ProgramCompiler()
  return written(compiler, compiler.expressionCode(expression))
}

/** Makes a written program run in a mode. */
export function linkProgram<Result>({ shape, positions, texts }: WrittenProgram, mode: Mode): Program<Result> {
  const make = shape.makers.get(mode) ?? makerOf(shape.code, mode)
  shape.makers.set(mode, make)
  // The compiler wrote a function that returns a function of this type.
  return { run: make(RUNTIME, texts) as Program<Result>['run'], positions }
}

class ProgramCompiler extends StatementCompiler {
  templateCode(body: readonly Statement[]): string {
    return `return ${MODE_MARKS.asyncFunction}function(C,F)${this.template(body)}`
  }

  macroMakerCode(node: MacroNode): string {
    return `return function(C,F){return ${this.macro(node)};}`
  }

  expressionCode(expression: Expression): string {
    return `return function(C,F)${this.native(expression)}`
  }
}

/** Bounded, like the templates themselves. */
const MOST_SHAPES = 10_000
const shapes = new Map<string, Shape>()

function written({ positions, texts }: ProgramCompiler, code: string): WrittenProgram {
  return { shape: shapeOf(code), positions, texts }
}

function shapeOf(code: string): Shape {
  const known = shapes.get(code)
  if (known) return known
  const shape: Shape = { code, makers: new Map() }
  if (shapes.size >= MOST_SHAPES) shapes.delete(shapes.keys().next().value ?? '')
  shapes.set(code, shape)
  return shape
}

/**
 * The one place that turns text into running code. The text comes from `StatementCompiler` alone, which writes no text of
 * a template into it (`escapes/` holds the tests); it sees the runtime, the texts as values, and no other name of ours.
 */
function makerOf(written: string, mode: Mode): Maker {
  const { asyncFunction, waits, settle } = MODE_MARKS
  const isAsync = mode === 'async'
  const code = written
    .replaceAll(asyncFunction, isAsync ? 'async ' : '')
    .replaceAll(waits, isAsync ? 'await ' : '')
    .replaceAll(settle, isAsync ? 'R.later' : 'R.now')
  // The code ends in the `return` of what it makes.
  return new Function('R', 'K', `"use strict";${code}`) as Maker
}
