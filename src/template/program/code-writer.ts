import nunjucks from 'nunjucks'
import type { NodeRange } from '../syntax/nodes.ts'

/** The names of one scope, each with the JavaScript variable that holds it. */
export class VariableScope {
  readonly variables = new Map<string, string>()
  private readonly outer: VariableScope | undefined

  constructor(outer?: VariableScope) {
    this.outer = outer
  }

  find(name: string): string | undefined {
    return this.variables.get(name) ?? this.outer?.find(name)
  }
}

/** The function that is being written. */
export interface FunctionContext {
  /** In a macro, `return()` as a statement is JavaScript's `return`. */
  readonly kind: 'template' | 'macro' | 'caller' | 'loop'
  readonly temporaries: string[]
}

/**
 * What differs between the code that waits and the code that does not. It is written as these marks, and the code is made of
 * it in either mode; no text of a template is code, so the marks stand nowhere else.
 */
export const MODE_MARKS = { asyncFunction: 'ASYNC ', waits: 'AWAIT ', settle: 'R.SETTLE' } as const

/**
 * What statements and expressions share while code is written: the buffer (nunjucks' own), variables, places.
 *
 * Nothing written in a template becomes code but its numbers: variables are numbered, and every name, string and text is
 * a value of `texts`. So templates of one shape have the same code, which is made once. In the generated code `R` is the
 * runtime, `K` the texts, `C` the context, `F` the frame, `p` the place last reached.
 */
export class CodeWriter extends nunjucks.compiler.Compiler {
  readonly positions: number[] = []
  readonly texts: string[] = []
  protected scope = new VariableScope()
  protected context: FunctionContext = { kind: 'template', temporaries: [] }
  protected output = 'o'

  constructor() {
    super('', false)
  }

  protected line(code: string): void {
    this._emitLine(code)
  }

  /** The code that `write` emits, held back. */
  protected collect(write: () => void): string {
    const before = this.codebuf
    this.codebuf = []
    write()
    const code = this.codebuf.join('')
    this.codebuf = before
    return code
  }

  protected newVariable(prefix = 'v'): string {
    this.lastId++
    return `${prefix}${this.lastId}`
  }

  /** A variable declared at the head of the function that is being written. */
  protected newTemporary(): string {
    const name = this.newVariable('t')
    this.context.temporaries.push(name)
    return name
  }

  /** The code that reads a text of the template. */
  protected text(value: string): string {
    this.texts.push(value)
    return `K[${this.texts.length - 1}]`
  }

  /** Notes a place and gives its number. */
  protected place(node: NodeRange): number {
    this.positions.push(node.start, node.end)
    return this.positions.length / 2 - 1
  }

  /** Marks the place before an operation. Written as its last operand, so that no operand inside it marks another. */
  protected mark(node: NodeRange): string {
    return `p=${this.place(node)}`
  }

  /** The code that reads a name in a scope. */
  protected read(name: string, scope = this.scope): string {
    return scope.find(name) ?? `C.resolve(${this.text(name)})`
  }

  protected inScope(scope: VariableScope, write: () => void): void {
    const outer = this.scope
    this.scope = scope
    write()
    this.scope = outer
  }

  /** A scope inside the current one whose names start with what they mean outside. */
  protected openScope(names: Iterable<string>, outer = this.scope): VariableScope {
    const scope = new VariableScope(outer)
    for (const name of names) {
      const variable = this.newVariable()
      this.line(`let ${variable}=${this.read(name, outer)};`)
      scope.variables.set(name, variable)
    }
    return scope
  }
}
