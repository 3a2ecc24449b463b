import { type Span, span } from '../text/source-file.ts'
import type { Json } from '../util/json.ts'
import { templateIn } from './parse.ts'
import { literalValue } from './python-literal.ts'
import type { CallNode, Expression, NodeRange } from './syntax/nodes.ts'
import type { MacroDefinition, ScannedCall, ScannedValue, TemplateTree } from './tree.ts'
import { toPlain } from './values/plain.ts'

/**
 * The calls of some functions in a template, in the order of the text: `ref('orders')`, also through a dotted name
 * (`adapter.dispatch`). Branches that a render would not reach are looked at too.
 */
export function scanCalls(source: TemplateTree | MacroDefinition, names: ReadonlySet<string>): readonly ScannedCall[] {
  const tree = treeOf(source)
  const calls: ScannedCall[] = []
  visitCalls(tree, (name, call) => {
    if (names.has(name)) calls.push(scannedCall(name, call, tree))
  })
  return calls.sort((left, right) => left.place.start - right.place.start)
}

/** Every name that is called: `cents`, `dbt_utils.star`, `adapter.dispatch`. */
export function scanCalledNames(source: TemplateTree | MacroDefinition): ReadonlySet<string> {
  const names = new Set<string>()
  visitCalls(treeOf(source), (name) => names.add(name))
  return names
}

function treeOf(source: TemplateTree | MacroDefinition): TemplateTree {
  return 'tree' in source ? source.tree : source
}

function visitCalls(tree: TemplateTree, visit: (name: string, call: CallNode) => void): void {
  for (const { name, call } of templateIn(tree).namedCalls) visit(name, call)
}

function scannedCall(name: string, call: CallNode, tree: TemplateTree): ScannedCall {
  return {
    name,
    args: call.args.map((argument) => scannedValue(argument, tree)),
    kwargs: new Map(call.kwargs.map((keyword) => [keyword.name, scannedValue(keyword.value, tree)])),
    hasSpread: call.spreadArgs !== undefined || call.spreadKwargs !== undefined,
    place: placeOf(call, tree),
  }
}

function scannedValue(expression: Expression, tree: TemplateTree): ScannedValue {
  const place = placeOf(expression, tree)
  const value = literalValue(expression)
  if (value === undefined) return { kind: 'dynamic', place }
  // Literals hold nothing that JSON has no word for.
  return { kind: 'literal', value: toPlain(value) as Json, place }
}

function placeOf(range: NodeRange, tree: TemplateTree): Span {
  return span(tree.file, tree.extent.start + range.start, tree.extent.start + range.end)
}
