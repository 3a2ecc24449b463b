/**
 * The syntax tree. A discriminated union rather than nunjucks' node classes: the compiler and the scan then prove that
 * they handle every kind. All offsets count from the start of the text that was parsed, so trees of equal texts are shared.
 */
export interface NodeRange {
  readonly start: number
  readonly end: number
}

export interface NameNode extends NodeRange {
  readonly kind: 'name'
  readonly name: string
}

export interface ConstantNode extends NodeRange {
  readonly kind: 'constant'
  readonly value: string | number | bigint | boolean | null
  /** `1.0` is a float though JavaScript does not tell it from 1. */
  readonly isFloat: boolean
}

export interface TupleNode extends NodeRange {
  readonly kind: 'tuple'
  readonly items: readonly Expression[]
}

export interface ListNode extends NodeRange {
  readonly kind: 'list'
  readonly items: readonly Expression[]
}

export interface DictNode extends NodeRange {
  readonly kind: 'dict'
  readonly pairs: readonly { readonly key: Expression; readonly value: Expression }[]
}

export interface SliceNode extends NodeRange {
  readonly kind: 'slice'
  readonly from: Expression | undefined
  readonly to: Expression | undefined
  readonly step: Expression | undefined
}

export interface AttributeNode extends NodeRange {
  readonly kind: 'attribute'
  readonly target: Expression
  readonly name: string
}

export interface ItemNode extends NodeRange {
  readonly kind: 'item'
  readonly target: Expression
  readonly key: Expression
}

/** What stands between the parentheses of a call, a filter or a test. */
export interface Arguments {
  readonly args: readonly Expression[]
  readonly kwargs: readonly { readonly name: string; readonly value: Expression }[]
  /** `*args` */
  readonly spreadArgs?: Expression
  /** `**kwargs` */
  readonly spreadKwargs?: Expression
}

export interface CallNode extends NodeRange, Arguments {
  readonly kind: 'call'
  readonly callee: Expression
}

export interface FilterNode extends NodeRange, Arguments {
  readonly kind: 'filter'
  /** Absent for the first filter of `{% filter %}` and `{% set x | … %}`, whose input is the block. */
  readonly target: Expression | undefined
  readonly name: string
}

export interface TestNode extends NodeRange, Arguments {
  readonly kind: 'test'
  readonly target: Expression
  readonly name: string
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'

export interface BinaryNode extends NodeRange {
  readonly kind: 'binary'
  readonly operator: ArithmeticOperator
  readonly left: Expression
  readonly right: Expression
}

export interface LogicNode extends NodeRange {
  readonly kind: 'logic'
  readonly operator: 'and' | 'or'
  readonly left: Expression
  readonly right: Expression
}

export interface UnaryNode extends NodeRange {
  readonly kind: 'unary'
  readonly operator: 'not' | '-' | '+'
  readonly target: Expression
}

export type ComparisonOperator = '==' | '!=' | '<' | '>' | '<=' | '>=' | 'in' | 'not in'

/** `a < b <= c`: every operand is evaluated once, left to right, until one comparison fails. */
export interface CompareNode extends NodeRange {
  readonly kind: 'compare'
  readonly first: Expression
  readonly rest: readonly { readonly operator: ComparisonOperator; readonly operand: Expression }[]
}

export interface ConditionalNode extends NodeRange {
  readonly kind: 'conditional'
  readonly condition: Expression
  readonly value: Expression
  readonly otherwise: Expression | undefined
}

/** `a ~ b ~ c` */
export interface ConcatNode extends NodeRange {
  readonly kind: 'concat'
  readonly parts: readonly Expression[]
}

export type Expression =
  | NameNode
  | ConstantNode
  | TupleNode
  | ListNode
  | DictNode
  | SliceNode
  | AttributeNode
  | ItemNode
  | CallNode
  | FilterNode
  | TestNode
  | BinaryNode
  | LogicNode
  | UnaryNode
  | CompareNode
  | ConditionalNode
  | ConcatNode

/** `ns.name` on the left of `set`. */
export interface NamespaceTarget extends NodeRange {
  readonly kind: 'namespace-target'
  readonly name: string
  readonly attribute: string
}

export interface TupleTarget extends NodeRange {
  readonly kind: 'tuple-target'
  readonly items: readonly AssignmentTarget[]
}

export type AssignmentTarget = NameNode | NamespaceTarget | TupleTarget

/** Literal text. The value has its newlines normalised; the range is that of the text in the file. */
export interface TextNode extends NodeRange {
  readonly kind: 'text'
  readonly value: string
}

/** `{{ value }}`; the range takes in the braces. `{% print a, b %}` has several values. */
export interface PrintNode extends NodeRange {
  readonly kind: 'print'
  readonly values: readonly Expression[]
}

export interface IfNode extends NodeRange {
  readonly kind: 'if'
  readonly condition: Expression
  readonly body: readonly Statement[]
  /** What follows `else`, or the one `if` that an `elif` is. */
  readonly otherwise: readonly Statement[]
}

export interface ForNode extends NodeRange {
  readonly kind: 'for'
  readonly target: AssignmentTarget
  readonly iterable: Expression
  readonly condition: Expression | undefined
  readonly isRecursive: boolean
  readonly body: readonly Statement[]
  readonly otherwise: readonly Statement[]
}

export interface SetNode extends NodeRange {
  readonly kind: 'set'
  readonly target: AssignmentTarget
  readonly value: Expression
}

export interface SetBlockNode extends NodeRange {
  readonly kind: 'set-block'
  readonly target: AssignmentTarget
  readonly filter: FilterNode | undefined
  readonly body: readonly Statement[]
}

export interface Parameter extends NodeRange {
  readonly name: string
  readonly fallback: Expression | undefined
}

export type MacroKind = 'macro' | 'test' | 'materialization' | 'snapshot' | 'docs'

export interface MacroNode extends NodeRange {
  readonly kind: 'macro'
  readonly macroKind: MacroKind
  /** As dbt names it: `test_unique`, `materialization_table_default`. */
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly Statement[]
}

export interface CallBlockNode extends NodeRange {
  readonly kind: 'call-block'
  readonly call: CallNode
  readonly parameters: readonly Parameter[]
  readonly body: readonly Statement[]
}

export interface FilterBlockNode extends NodeRange {
  readonly kind: 'filter-block'
  readonly filter: FilterNode
  readonly body: readonly Statement[]
}

export interface WithNode extends NodeRange {
  readonly kind: 'with'
  readonly bindings: readonly { readonly target: AssignmentTarget; readonly value: Expression }[]
  readonly body: readonly Statement[]
}

export interface DoNode extends NodeRange {
  readonly kind: 'do'
  readonly expression: Expression
}

export interface JumpNode extends NodeRange {
  readonly kind: 'break' | 'continue'
}

export type Statement =
  | TextNode
  | PrintNode
  | IfNode
  | ForNode
  | SetNode
  | SetBlockNode
  | MacroNode
  | CallBlockNode
  | FilterBlockNode
  | WithNode
  | DoNode
  | JumpNode
