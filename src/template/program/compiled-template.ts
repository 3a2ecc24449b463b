import nunjucks from 'nunjucks'
import { invariant } from '../../diagnostics/errors.ts'
import type { CallNode, Expression, MacroNode, Statement } from '../syntax/nodes.ts'
import { parseText } from '../syntax/parser.ts'
import { walkExpressions } from '../syntax/walk.ts'
import { ENVIRONMENT } from './environment.ts'
import type { Macro } from './macro.ts'
import { assignedNames } from './names.ts'
import type { Output } from './output.ts'
import {
  linkProgram,
  type Mode,
  type Program,
  type WrittenProgram,
  writeExpression,
  writeMacro,
  writeTemplate,
} from './program.ts'

/** Equal texts are parsed and compiled once. Bounded, so that a long run over many values stays small. */
const MOST_TEMPLATES = 20_000
const templates = new Map<string, CompiledTemplate>()

/** The template of a text. Throws `TemplateSyntaxError`; what failed is not kept. */
export function templateOf(text: string): CompiledTemplate {
  const known = templates.get(text)
  if (known) return known
  const template = new CompiledTemplate(text)
  if (templates.size >= MOST_TEMPLATES) templates.delete(templates.keys().next().value ?? '')
  templates.set(text, template)
  return template
}

/** A call, and what it calls as it stands there: `adapter.dispatch`. */
export interface NamedCall {
  readonly name: string
  readonly call: CallNode
}

/** nunjucks' template, parsed by our grammar; its programs are made when they are first run. */
export class CompiledTemplate extends nunjucks.Template {
  readonly body: readonly Statement[]
  private written: WrittenProgram | undefined
  private readonly rendering = new Map<Mode, Program<Output | Promise<Output>>>()
  private readonly making = new Map<Mode, Program<Macro>>()
  private native: Program<unknown> | undefined
  private names: readonly string[] | undefined
  private calls: readonly NamedCall[] | undefined

  constructor(text: string) {
    super(text, ENVIRONMENT, '', false)
    this.body = parseText(text, ENVIRONMENT.known)
    this.compiled = true
  }

  renderProgram(mode: Mode): Program<Output | Promise<Output>> {
    return madeOnce(this.rendering, mode, () => {
      this.written ??= writeTemplate(this.body)
      return linkProgram(this.written, mode)
    })
  }

  /** Makes the macro that the text is. */
  macroProgram(mode: Mode): Program<Macro> {
    return madeOnce(this.making, mode, () => linkProgram(writeMacro(this.macro), mode))
  }

  get macro(): MacroNode {
    const node = this.body.find((statement) => statement.kind === 'macro')
    invariant(node, 'this template holds no macro')
    return node
  }

  /** Gives the value of the sole expression. */
  get expressionProgram(): Program<unknown> {
    invariant(this.soleExpression, 'this template is not one expression')
    this.native ??= linkProgram(writeExpression(this.soleExpression), 'sync')
    return this.native
  }

  /** The expression of a text that is `{{ expression }}` and nothing else. */
  get soleExpression(): Expression | undefined {
    const [only, ...others] = this.body
    if (only?.kind !== 'print' || others.length > 0 || only.values.length !== 1) return undefined
    return only.values[0]
  }

  /** Every call of something that has a name: `ref`, `dbt_utils.star`. In no promised order. */
  get namedCalls(): readonly NamedCall[] {
    this.calls ??= collectCalls(this.body)
    return this.calls
  }

  /** The names that the text itself assigns or speaks of, for "did you mean". */
  get localNames(): readonly string[] {
    this.names ??= collectNames(this.body)
    return this.names
  }
}

function collectCalls(body: readonly Statement[]): readonly NamedCall[] {
  const calls: NamedCall[] = []
  walkExpressions(body, (expression) => {
    if (expression.kind !== 'call') return
    const name = dottedName(expression.callee)
    if (name !== undefined) calls.push({ name, call: expression })
  })
  return calls
}

function dottedName(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name
  if (expression.kind !== 'attribute') return undefined
  const target = dottedName(expression.target)
  return target === undefined ? undefined : `${target}.${expression.name}`
}

function collectNames(body: readonly Statement[]): readonly string[] {
  const names = new Set(assignedNames(body))
  for (const statement of body) {
    if (statement.kind === 'macro') for (const parameter of statement.parameters) names.add(parameter.name)
    if (statement.kind === 'macro') for (const name of assignedNames(statement.body)) names.add(name)
  }
  return [...names]
}

function madeOnce<Value>(made: Map<Mode, Value>, mode: Mode, make: () => Value): Value {
  const known = made.get(mode)
  if (known !== undefined) return known
  const value = make()
  made.set(mode, value)
  return value
}
