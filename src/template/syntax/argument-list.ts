import { TemplateSyntaxError } from '../errors.ts'
import type { Arguments, Expression } from './nodes.ts'
import type { Token } from './tokens.ts'

export const NO_ARGUMENTS: Arguments = { args: [], kwargs: [] }

/** Collects arguments in the order that Jinja allows: positional, keywords and `*args` mixed as in Python, `**kwargs` last. */
export class ArgumentList {
  private readonly args: Expression[] = []
  private readonly kwargs: { name: string; value: Expression }[] = []
  private spreadArgs: Expression | undefined
  private spreadKwargs: Expression | undefined

  addPositional(value: Expression, token: Token): void {
    this.require(!this.spreadArgs && !this.spreadKwargs && this.kwargs.length === 0, token)
    this.args.push(value)
  }

  addKeyword(name: Token, value: Expression): void {
    this.require(!this.spreadKwargs, name)
    if (this.kwargs.some((other) => other.name === name.value)) {
      throw new TemplateSyntaxError(`The argument "${name.value}" is given twice.`, name, {
        jinja: `keyword argument repeated: ${name.value}`,
        type: 'SyntaxError',
      })
    }
    this.kwargs.push({ name: name.value, value })
  }

  addSpreadArgs(value: Expression, token: Token): void {
    this.require(!this.spreadArgs && !this.spreadKwargs, token)
    this.spreadArgs = value
  }

  addSpreadKwargs(value: Expression, token: Token): void {
    this.require(!this.spreadKwargs, token)
    this.spreadKwargs = value
  }

  finish(): Arguments {
    return {
      args: this.args,
      kwargs: this.kwargs,
      ...(this.spreadArgs && { spreadArgs: this.spreadArgs }),
      ...(this.spreadKwargs && { spreadKwargs: this.spreadKwargs }),
    }
  }

  private require(condition: boolean, token: Token): void {
    if (condition) return
    throw new TemplateSyntaxError('This argument stands too late.', token, {
      jinja: 'invalid syntax for function call expression',
      hint: 'values come first, then names with "=", then "*" and "**"',
    })
  }
}
