import { TemplateSyntaxError } from '../errors.ts'
import { neverClosed, type OpenBlock, strayTag } from './block-problems.ts'
import { ExpressionParser } from './expression-parser.ts'
import { tokenize } from './lexer.ts'
import { adapterName, unknownOption } from './materialization-options.ts'
import type {
  AssignmentTarget,
  Expression,
  ForNode,
  IfNode,
  MacroKind,
  MacroNode,
  NodeRange,
  Parameter,
  Statement,
} from './nodes.ts'
import type { KnownNames } from './operand-parser.ts'
import { describeToken, jinjaTokenName, type Token } from './tokens.ts'

const CONSTANT_NAMES: ReadonlySet<string> = new Set(['true', 'false', 'none', 'True', 'False', 'None'])
const MACRO_KINDS: Readonly<Record<string, MacroKind>> = {
  test: 'test',
  data_test: 'test',
  snapshot: 'snapshot',
  docs: 'docs',
}

/**
 * Parses a template. Throws `TemplateSyntaxError`.
 *
 * The statements are those of Jinja2 (with its extensions `do` and `loopcontrols`) and the blocks that dbt adds. What
 * needs other templates (`include`, `extends`, …) is refused, as no project can use it.
 */
export function parseText(text: string, known: KnownNames): readonly Statement[] {
  return new TemplateParser(tokenize(text), text.length, known).parseAll()
}

class TemplateParser extends ExpressionParser {
  private readonly open: OpenBlock[] = []
  private loopDepth = 0

  parseAll(): readonly Statement[] {
    const body = this.parseStatements()
    if (this.current.type !== 'end') throw strayTag(this.current, undefined)
    return body
  }

  /** Statements up to the end of the text or a tag that the innermost open block awaits; that tag's name is current then. */
  private parseStatements(): Statement[] {
    const statements: Statement[] = []
    for (;;) {
      const token = this.read()
      switch (token.type) {
        case 'text':
          statements.push({ kind: 'text', value: token.value, start: token.start, end: token.end })
          break
        case 'print-start':
          statements.push(this.parsePrint(token))
          break
        case 'tag-start': {
          const name = this.current
          if (name.type === 'name' && this.open.at(-1)?.awaits.includes(name.value)) return statements
          statements.push(this.parseTag(token, name))
          break
        }
        default:
          return statements
      }
    }
  }

  private parsePrint(start: Token): Statement {
    const value = this.parseTuple()
    this.expectEnd('print-end')
    return { kind: 'print', values: [value], ...this.rangeFrom(start) }
  }

  private parseTag(start: Token, name: Token): Statement {
    if (name.type !== 'name') {
      throw new TemplateSyntaxError(`Expected the name of a tag but found ${describeToken(name)}.`, name, {
        jinja: 'tag name expected',
      })
    }
    this.read()
    switch (name.value) {
      case 'if':
        return this.parseIf(start)
      case 'for':
        return this.parseFor(start)
      case 'set':
        return this.parseSet(start)
      case 'macro':
        return this.parseMacro(start)
      case 'call':
        return this.parseCallBlock(start)
      case 'filter':
        return this.parseFilterBlock(start)
      case 'with':
        return this.parseWith(start)
      case 'do':
        return this.parseDo(start)
      case 'print':
        return this.parsePrintTag(start)
      case 'break':
      case 'continue':
        return this.parseJump(start, name, name.value)
      case 'materialization':
        return this.parseMaterialization(start)
      case 'test':
      case 'data_test':
      case 'snapshot':
      case 'docs':
        return this.parseNamedBlock(start, name.value)
      default:
        throw strayTag(name, this.open.at(-1))
    }
  }

  /** An `if` or the `elif` of the `if` that was opened before it. */
  private parseIf(start: Token, opened?: NodeRange): IfNode {
    this.conditionalDepth++
    const condition = this.parseTuple({ withoutConditional: true })
    const opening = opened ?? this.endOpening(start)
    if (opened) this.endTag()
    const body = this.parseBody('if', opening, ['elif', 'else', 'endif'])
    const otherwise = this.parseElse(opening)
    this.conditionalDepth--
    return { kind: 'if', condition, body, otherwise, ...this.rangeFrom(start) }
  }

  private parseElse(opening: NodeRange): readonly Statement[] {
    const tag = this.read()
    if (tag.value === 'elif') return [this.parseIf(tag, opening)]
    this.endTag()
    if (tag.value === 'endif') return []
    const otherwise = this.parseBody('if', opening, ['endif'])
    this.closeBlock()
    return otherwise
  }

  private parseFor(start: Token): ForNode {
    const target = this.parseTarget({ endName: 'in', withNamespace: false })
    if (!this.skipName('in')) throw this.expected('"in"', 'in')
    const iterable = this.parseTuple({ withoutConditional: true, endName: 'recursive' })
    const condition = this.skipName('if') ? this.parseExpression() : undefined
    const isRecursive = this.skipName('recursive')
    const opening = this.endOpening(start)
    this.loopDepth++
    const body = this.parseBody('for', opening, ['endfor', 'else'])
    this.loopDepth--
    let otherwise: readonly Statement[] = []
    if (this.read().value === 'else') {
      this.endTag()
      otherwise = this.parseBody('for', opening, ['endfor'])
      this.read()
    }
    this.endTag()
    return { kind: 'for', target, iterable, condition, isRecursive, body, otherwise, ...this.rangeFrom(start) }
  }

  private parseSet(start: Token): Statement {
    const target = this.parseTarget({ withNamespace: true })
    if (this.skipOperator('=')) {
      const value = this.parseTuple()
      this.endTag()
      return { kind: 'set', target, value, ...this.rangeFrom(start) }
    }
    const filter = this.skipOperator('|') ? this.parseFilterChain() : undefined
    const body = this.parseBody('set', this.endOpening(start), ['endset'])
    this.closeBlock()
    return { kind: 'set-block', target, filter, body, ...this.rangeFrom(start) }
  }

  /** `x`, `a, b`, `(a, (b, c))` or, in `set`, `ns.x`. */
  private parseTarget(options: { readonly endName?: string; readonly withNamespace: boolean }): AssignmentTarget {
    const first = this.current
    const { items, isTuple } = this.readTupleItems(
      () => this.parseSingleTarget(options.withNamespace),
      options.endName ?? '=',
    )
    if (!isTuple && items[0]) return items[0]
    if (items.length === 0) throw this.noTarget()
    return { kind: 'tuple-target', items, ...this.rangeFrom(first) }
  }

  private noTarget(): TemplateSyntaxError {
    return new TemplateSyntaxError(`Expected a name but found ${describeToken(this.current)}.`, this.current, {
      jinja: `Expected an expression, got '${jinjaTokenName(this.current)}'`,
    })
  }

  private parseSingleTarget(withNamespace: boolean): AssignmentTarget {
    const token = this.current
    if (token.type === 'operator' && token.value === '(') {
      this.read()
      const inner = this.parseTarget({ withNamespace })
      this.expectOperator(')')
      return inner
    }
    if (token.type !== 'name') throw this.cannotAssign(token)
    this.read()
    if (withNamespace && this.skipOperator('.')) {
      const attribute = this.expectName().value
      return { kind: 'namespace-target', name: token.value, attribute, ...this.rangeFrom(token) }
    }
    if (CONSTANT_NAMES.has(token.value)) throw this.cannotAssign(token)
    return { kind: 'name', name: token.value, ...this.rangeFrom(token) }
  }

  private cannotAssign(token: Token): TemplateSyntaxError {
    return new TemplateSyntaxError(`A value cannot be assigned to ${describeToken(token)}.`, token, {
      jinja: token.type === 'operator' ? `unexpected '${token.value}'` : "can't assign to 'const'",
    })
  }

  private parseMacro(start: Token): MacroNode {
    const name = this.expectName('the name of the macro').value
    const parameters = this.parseParameters()
    return this.finishMacro(start, { tag: 'macro', macroKind: 'macro', name, parameters })
  }

  /** dbt's `test`, `data_test`, `snapshot` and `docs`. */
  private parseNamedBlock(start: Token, tag: string): MacroNode {
    const macroKind = MACRO_KINDS[tag]!
    const name = this.expectName('a name').value
    const parameters = macroKind === 'test' ? this.parseParameters() : []
    return this.finishMacro(start, { tag, macroKind, name: `${macroKind}_${name}`, parameters })
  }

  private parseMaterialization(start: Token): MacroNode {
    const name = this.expectName('the name of the materialization').value
    let adapter = 'default'
    const parameters: Parameter[] = []
    while (this.skipOperator(',')) {
      const option = this.expectName('"default", "adapter" or "supported_languages"')
      if (option.value === 'default') continue
      this.expectOperator('=')
      const value = this.parseExpression()
      if (option.value === 'adapter') adapter = adapterName(value)
      else if (option.value === 'supported_languages') {
        parameters.push({ name: option.value, fallback: value, start: option.start, end: option.end })
      } else throw unknownOption(option)
    }
    const fullName = `materialization_${name}_${adapter}`
    return this.finishMacro(start, { tag: 'materialization', macroKind: 'materialization', name: fullName, parameters })
  }

  private finishMacro(
    start: Token,
    head: {
      readonly tag: string
      readonly macroKind: MacroKind
      readonly name: string
      readonly parameters: readonly Parameter[]
    },
  ): MacroNode {
    const opening = this.endOpening(start)
    const body = this.outsideLoops(() => this.parseBody(head.tag, opening, [`end${head.tag}`]))
    this.closeBlock()
    const { macroKind, name, parameters } = head
    return { kind: 'macro', macroKind, name, parameters, body, ...this.rangeFrom(start) }
  }

  /** Names with optional types (dbt's `x: string`, ignored) and defaults. */
  private parseParameters(): readonly Parameter[] {
    this.expectOperator('(')
    const parameters: Parameter[] = []
    while (parameters.length > 0 || !this.isOperator(')')) {
      const name = this.expectName('the name of a parameter')
      if (this.skipOperator(':')) this.skipType()
      const fallback = this.skipOperator('=') ? this.parseExpression() : undefined
      if (!fallback && parameters.at(-1)?.fallback) {
        throw new TemplateSyntaxError(
          `"${name.value}" needs a default, because the parameter before it has one.`,
          name,
          {
            jinja: 'non-default argument follows default argument',
          },
        )
      }
      parameters.push({ name: name.value, fallback, ...this.rangeFrom(name) })
      if (!this.skipOperator(',')) break
    }
    this.expectOperator(')')
    return parameters
  }

  private skipType(): void {
    this.expectName('a type')
    if (!this.skipOperator('[')) return
    do this.skipType()
    while (this.skipOperator(','))
    this.expectOperator(']')
  }

  private parseCallBlock(start: Token): Statement {
    const parameters = this.isOperator('(') ? this.parseParameters() : []
    const call = this.parseExpression()
    if (call.kind !== 'call') {
      throw new TemplateSyntaxError('"call" needs the call of a macro.', call, { jinja: 'expected call' })
    }
    const opening = this.endOpening(start)
    const body = this.outsideLoops(() => this.parseBody('call', opening, ['endcall']))
    this.closeBlock()
    return { kind: 'call-block', call, parameters, body, ...this.rangeFrom(start) }
  }

  private parseFilterBlock(start: Token): Statement {
    const filter = this.parseFilterChain()
    const body = this.parseBody('filter', this.endOpening(start), ['endfilter'])
    this.closeBlock()
    return { kind: 'filter-block', filter, body, ...this.rangeFrom(start) }
  }

  private parseWith(start: Token): Statement {
    const bindings: { target: AssignmentTarget; value: Expression }[] = []
    while (this.current.type !== 'tag-end') {
      if (bindings.length > 0) this.expectOperator(',')
      const target = this.parseSingleTarget(false)
      this.expectOperator('=')
      bindings.push({ target, value: this.parseExpression() })
    }
    const body = this.parseBody('with', this.endOpening(start), ['endwith'])
    this.closeBlock()
    return { kind: 'with', bindings, body, ...this.rangeFrom(start) }
  }

  private parseDo(start: Token): Statement {
    const expression = this.parseTuple()
    this.endTag()
    return { kind: 'do', expression, ...this.rangeFrom(start) }
  }

  private parsePrintTag(start: Token): Statement {
    const values: Expression[] = []
    while (this.current.type !== 'tag-end') {
      if (values.length > 0) this.expectOperator(',')
      values.push(this.parseExpression())
    }
    this.endTag()
    return { kind: 'print', values, ...this.rangeFrom(start) }
  }

  private parseJump(start: Token, name: Token, kind: 'break' | 'continue'): Statement {
    if (this.loopDepth === 0) {
      throw new TemplateSyntaxError(`"${kind}" is only possible inside a "for".`, name, {
        jinja: `'${kind}' outside loop`,
        type: 'SyntaxError',
      })
    }
    this.endTag()
    return { kind, ...this.rangeFrom(start) }
  }

  /** A macro or call body is a function of its own: an outer loop cannot be left from it. */
  private outsideLoops<Result>(parse: () => Result): Result {
    const depth = this.loopDepth
    this.loopDepth = 0
    const result = parse()
    this.loopDepth = depth
    return result
  }

  /** Everything up to one of the awaited tags, whose name is the current token afterwards. */
  private parseBody(name: string, opening: NodeRange, awaits: readonly string[]): Statement[] {
    const block = { name, awaits, start: opening.start, end: opening.end }
    this.open.push(block)
    const body = this.parseStatements()
    if (this.current.type === 'end') throw neverClosed(block)
    this.open.pop()
    return body
  }

  /** Reads the closing tag, whose name is current. */
  private closeBlock(): void {
    this.read()
    this.endTag()
  }

  /** `%}`, with Python's colon before it if the author likes. */
  private endTag(): void {
    this.skipOperator(':')
    this.expectEnd('tag-end')
  }

  /** Ends the opening tag of a block and gives its whole range. */
  private endOpening(start: Token): NodeRange {
    this.endTag()
    return this.rangeFrom(start)
  }
}
