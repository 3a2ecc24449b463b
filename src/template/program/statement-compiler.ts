import { unreachable } from '../../util/unreachable.ts'
import type {
  AssignmentTarget,
  CallBlockNode,
  Expression,
  FilterNode,
  ForNode,
  IfNode,
  MacroNode,
  Parameter,
  PrintNode,
  SetNode,
  Statement,
  WithNode,
} from '../syntax/nodes.ts'
import { type FunctionContext, MODE_MARKS, VariableScope } from './code-writer.ts'
import { ExpressionCompiler } from './expression-compiler.ts'
import { assignedNames, expressionMentions, mentions, targetNames } from './names.ts'

/** The names that a macro has without declaring them, where its body speaks of them. */
const IMPLICIT_PARAMETERS = ['varargs', 'kwargs', 'caller'] as const

/**
 * Statements into JavaScript. Scopes are settled here, as Jinja settles them: every name that a scope assigns becomes a
 * `let` that starts with the outer value, so nothing is copied and nothing leaks at run time.
 */
export class StatementCompiler extends ExpressionCompiler {
  /** A function body that writes an output and gives it. */
  protected template(body: readonly Statement[]): string {
    return this.functionBody({ kind: 'template', temporaries: [] }, 'return o;', () => {
      this.inScope(this.openScope(assignedNames(body)), () => this.statements(body))
    })
  }

  /** A function body that gives the value of one expression. */
  protected native(value: Expression): string {
    return this.functionBody({ kind: 'template', temporaries: [] }, '', () => {
      this.line(`return ${this.expression(value)};`)
    })
  }

  private functionBody(context: FunctionContext, ending: string, write: () => void): string {
    const [outerContext, outerOutput] = [this.context, this.output]
    this.context = context
    this.output = 'o'
    const body = this.collect(write)
    this.context = outerContext
    this.output = outerOutput
    const temporaries = context.temporaries.length > 0 ? `let ${context.temporaries.join(',')};` : ''
    const returned = context.kind === 'macro' ? 'if(e instanceof R.MacroReturn)return e.value;' : ''
    return `{let p=0;const o=new R.Output(F);${temporaries}\ntry{\n${body}${ending}}catch(e){${returned}throw R.locate(e,F,p);}}`
  }

  private statements(list: readonly Statement[]): void {
    for (const statement of list) this.statement(statement)
  }

  private statement(node: Statement): void {
    switch (node.kind) {
      case 'text':
        this.line(`${this.output}.literal(${this.text(node.value)},${this.place(node)});`)
        break
      case 'print':
        this.print(node)
        break
      case 'if':
        this.ifStatement(node)
        break
      case 'for':
        this.forStatement(node)
        break
      case 'set':
        this.set(node)
        break
      case 'set-block': {
        const text = this.capture(node.body)
        this.assign(node.target, node.filter ? this.filterChain(node.filter, text) : text)
        break
      }
      case 'macro':
        this.line(`${this.read(node.name)}=${this.macro(node)};`)
        break
      case 'call-block':
        this.callBlock(node)
        break
      case 'filter-block':
        this.printCode(this.filterChain(node.filter, this.capture(node.body)), node)
        break
      case 'with':
        this.withStatement(node)
        break
      case 'do':
        this.line(this.returned(node.expression) ?? `${this.expression(node.expression)};`)
        break
      case 'break':
      case 'continue':
        this.line(`${node.kind};`)
        break
      default:
        unreachable(node)
    }
  }

  private print(node: PrintNode): void {
    for (const value of node.values) {
      const returned = this.returned(value)
      if (returned !== undefined) this.line(returned)
      else this.printCode(this.expression(value), node)
    }
  }

  private printCode(code: string, node: { readonly start: number; readonly end: number }): void {
    this.line(`${this.output}.print(${code},${this.mark(node)});`)
  }

  /** `return(x)` as a statement of a macro, in code; undefined for everything else. */
  private returned(value: Expression): string | undefined {
    if (this.context.kind !== 'macro' || value.kind !== 'call' || value.callee.kind !== 'name') return undefined
    const [argument] = value.args
    const isPlain = value.args.length === 1 && value.kwargs.length === 0 && !value.spreadArgs && !value.spreadKwargs
    if (!isPlain || !argument || value.callee.name !== 'return' || this.scope.find('return')) return undefined
    return `return R.returned(F,${this.expression(argument)},${this.mark(value)});`
  }

  private ifStatement(node: IfNode): void {
    this.line(`if(${this.condition(node.condition)}){`)
    this.statements(node.body)
    if (node.otherwise.length > 0) {
      this.line('}else{')
      this.statements(node.otherwise)
    }
    this.line('}')
  }

  private set(node: SetNode): void {
    this.assign(node.target, this.expression(node.value))
  }

  private assign(target: AssignmentTarget, code: string): void {
    switch (target.kind) {
      case 'name':
        this.line(`${this.scope.find(target.name)}=${code};`)
        break
      case 'namespace-target': {
        const namespace = this.read(target.name)
        this.line(`R.setNamespace(${namespace},${this.text(target.attribute)},${code},${this.mark(target)});`)
        break
      }
      case 'tuple-target': {
        const items = this.newTemporary()
        this.line(`${items}=R.unpack(${code},${target.items.length},${this.mark(target)});`)
        for (const [index, item] of target.items.entries()) this.assign(item, `${items}[${index}]`)
        break
      }
      default:
        unreachable(target)
    }
  }

  /** Writes a body into an output of its own and gives the code of its text. */
  private capture(body: readonly Statement[]): string {
    const outer = this.output
    const captured = this.newVariable()
    this.line(`const ${captured}=new R.Output(F);{`)
    this.output = captured
    this.inScope(this.openScope(assignedNames(body)), () => this.statements(body))
    this.line('}')
    this.output = outer
    return `R.finish(F,${captured})`
  }

  private filterChain(filter: FilterNode, input: string): string {
    const target = filter.target?.kind === 'filter' ? this.filterChain(filter.target, input) : input
    return this.filter(filter, target)
  }

  private withStatement(node: WithNode): void {
    this.line('{')
    // Values see the scope outside; they are all evaluated before the first name is bound.
    const values = node.bindings.map((binding) => {
      const variable = this.newVariable()
      this.line(`const ${variable}=${this.expression(binding.value)};`)
      return variable
    })
    const scope = new VariableScope(this.scope)
    for (const [index, binding] of node.bindings.entries()) this.bind(binding.target, values[index]!, scope)
    this.inScope(this.openScope(without(assignedNames(node.body), scope), scope), () => this.statements(node.body))
    this.line('}')
  }

  /** Declares the names of a target in a scope and assigns to them. */
  private bind(target: AssignmentTarget, code: string, scope: VariableScope): void {
    for (const name of targetNames(target)) {
      const variable = this.newVariable()
      this.line(`let ${variable};`)
      scope.variables.set(name, variable)
    }
    this.inScope(scope, () => this.assign(target, code))
  }

  private forStatement(node: ForNode): void {
    this.line('{')
    if (node.isRecursive) this.recursiveLoop(node)
    else this.loop(node, { items: this.expression(node.iterable), depth: '0', again: 'undefined' })
    this.line('}')
  }

  private recursiveLoop(node: ForNode): void {
    const again = this.newVariable()
    const iterable = this.expression(node.iterable)
    const body = this.functionBody({ kind: 'loop', temporaries: [] }, 'return R.finish(F,o);', () =>
      this.loop(node, { items: 'items', depth: 'depth', again }),
    )
    this.line(`const ${again}=${MODE_MARKS.asyncFunction}(items,depth)=>${body};`)
    const first = `R.iterate(${iterable},${this.mark(node.iterable)})`
    this.printCode(`${MODE_MARKS.waits}${again}(${first},0)`, node.iterable)
  }

  private loop(
    node: ForNode,
    source: { readonly items: string; readonly depth: string; readonly again: string },
  ): void {
    const items = this.newVariable()
    const index = this.newVariable()
    this.line(`let ${items}=R.iterate(${source.items},${this.mark(node.iterable)});`)
    if (node.condition) this.filterItems(node, node.condition, items)
    const scope = new VariableScope(this.scope)
    const loop = this.loopObject(node, scope)
    if (loop) this.line(`const ${loop}=new R.Loop(${items},${source.depth},${source.again});`)
    const finished = node.otherwise.length > 0 ? this.newVariable() : undefined
    if (finished) this.line(`let ${finished}=false;`)
    this.line(`for(let ${index}=0;${index}<${items}.length;${index}++){`)
    if (loop) this.line(`${loop}.index0=${index};`)
    this.bind(node.target, `${items}[${index}]`, scope)
    this.inScope(this.openScope(without(assignedNames(node.body), scope), scope), () => this.statements(node.body))
    if (!finished) {
      this.line('}')
      return
    }
    // As in Jinja, `else` follows when no turn came to its end, also because each was left by `break` or `continue`.
    this.line(`${finished}=true;}if(!${finished}){`)
    this.inScope(this.openScope(assignedNames(node.otherwise)), () => this.statements(node.otherwise))
    this.line('}')
  }

  /** The items for which `for … if` holds, so that `loop.length` counts only those. */
  private filterItems(node: ForNode, condition: Expression, items: string): void {
    const [kept, item] = [this.newVariable(), this.newVariable()]
    this.line(`const ${kept}=[];for(const ${item} of ${items}){`)
    const scope = new VariableScope(this.scope)
    this.bind(node.target, item, scope)
    this.inScope(scope, () => this.line(`if(${this.condition(condition)})${kept}.push(${item});`))
    this.line(`}${items}=${kept};`)
  }

  /** The variable of `loop`, where the body speaks of it. */
  private loopObject(node: ForNode, scope: VariableScope): string | undefined {
    if (!node.isRecursive && !mentions(node.body, 'loop')) return undefined
    const variable = this.newVariable()
    scope.variables.set('loop', variable)
    return variable
  }

  private callBlock(node: CallBlockNode): void {
    const code = this.macroCode({ ...node, name: 'caller', kind: 'caller' })
    this.printCode(this.call(node.call, { name: 'caller', code }), node)
  }

  /** Code that makes the macro. */
  protected macro(node: MacroNode): string {
    return this.macroCode({ ...node, kind: 'macro' })
  }

  private macroCode(node: {
    readonly name: string
    readonly kind: 'macro' | 'caller'
    readonly parameters: readonly Parameter[]
    readonly body: readonly Statement[]
  }): string {
    const scope = new VariableScope(this.scope)
    const names = node.parameters.map((parameter) => parameter.name)
    const variables = names.map((name) => this.declareParameter(name, scope))
    const usesName = (name: string) => !names.includes(name) && speaksOf(node, name)
    const implicit = IMPLICIT_PARAMETERS.map((name) => ({ name, isUsed: usesName(name), variable: this.newVariable() }))
    for (const { name, isUsed, variable } of implicit) if (isUsed) scope.variables.set(name, variable)
    const body = this.functionBody({ kind: node.kind, temporaries: [] }, 'return R.finish(F,o);', () =>
      this.inScope(scope, () => this.macroBody(node, variables)),
    )
    const [varargs, kwargs, caller] = implicit.map(({ isUsed }) => isUsed)
    const head = `name:${this.text(node.name)},kind:'${node.kind}',parameters:[${names.map((name) => this.text(name)).join(',')}]`
    const uses = `usesVarargs:${varargs},usesKwargs:${kwargs},usesCaller:${caller}`
    const parameters = ['F', ...variables, ...implicit.map(({ variable }) => variable)].join(',')
    return `R.macro(F,{${head},${uses},body:${MODE_MARKS.asyncFunction}(${parameters})=>${body}})`
  }

  private declareParameter(name: string, scope: VariableScope): string {
    const variable = this.newVariable()
    scope.variables.set(name, variable)
    return variable
  }

  private macroBody(
    node: { parameters: readonly Parameter[]; body: readonly Statement[] },
    variables: readonly string[],
  ): void {
    for (const [index, parameter] of node.parameters.entries()) {
      const fallback = parameter.fallback
        ? this.fallbackCode(parameter.fallback, node.parameters, variables, index)
        : `R.notProvided(${this.text(parameter.name)})`
      this.line(`if(${variables[index]}===R.MISSING)${variables[index]}=${fallback};`)
    }
    this.inScope(this.openScope(without(assignedNames(node.body), this.scope)), () => this.statements(node.body))
  }

  /** A default sees the parameters before it; itself and the later ones are undefined there unless they were given. */
  private fallbackCode(
    fallback: Expression,
    parameters: readonly Parameter[],
    variables: readonly string[],
    index: number,
  ): string {
    const scope = new VariableScope(this.scope)
    for (let later = index; later < parameters.length; later++) {
      const { name } = parameters[later]!
      scope.variables.set(name, `R.orUndefined(${variables[later]},${this.text(name)})`)
    }
    let code = ''
    this.inScope(scope, () => {
      code = this.expression(fallback)
    })
    return code
  }
}

/** The names that a scope does not hold itself. */
function without(names: ReadonlySet<string>, scope: VariableScope): readonly string[] {
  return [...names].filter((name) => !scope.variables.has(name))
}

function speaksOf(
  node: { readonly parameters: readonly Parameter[]; readonly body: readonly Statement[] },
  name: string,
): boolean {
  if (mentions(node.body, name)) return true
  return node.parameters.some(({ fallback }) => fallback !== undefined && expressionMentions(fallback, name))
}
