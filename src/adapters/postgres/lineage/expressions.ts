import {
  derive,
  deriveFromRows,
  type Inputs,
  mergeInputs,
  NO_INPUTS,
  NO_ROWS,
  takenBy,
} from '../../../sql/lineage-inputs.ts'
import { type Scope, scopeAbove } from './flow.ts'
import type { TreeNode } from './node-tree.ts'

/** The kinds of sublinks, as Postgres counts them. */
const EXISTS = 0
const SCALAR = 4
const ARRAY = 6

/** `rank`, `dense_rank`, `percent_rank` and `cume_dist`. Where rows have no order, all of them are first. */
const RANKS: ReadonlySet<number> = new Set([3101, 3102, 3103, 3104])

/**
 * The columns that an expression is made of. Whatever kind a node has, every column in it counts; the kinds below are those in which
 * the value passes unchanged, or which refer to something that stands elsewhere.
 */
export function inputsOf(expression: TreeNode | undefined, scope: Scope): Inputs {
  if (!expression) return NO_INPUTS
  switch (expression.kind) {
    case 'VAR':
      return variable(expression, scope)
    case 'TARGETENTRY':
      return inputsOf(expression.node('expr'), scope)
    // Types that share their representation, a collation, the check of a domain: the value stays what it is.
    case 'RELABELTYPE':
    case 'COLLATEEXPR':
    case 'COERCETODOMAIN':
      return inputsOf(expression.node('arg'), scope)
    case 'FIELDSELECT':
      return field(expression, scope)
    case 'SUBLINK':
      return sublink(expression, scope)
    case 'AGGREF':
      return aggregate(expression, scope)
    case 'WINDOWFUNC':
      return windowFunction(expression, scope)
    default:
      return belowOf(expression, scope)
  }
}

/** Something computed from several expressions. */
export function derivedFrom(expressions: readonly (TreeNode | undefined)[], scope: Scope): Inputs {
  return derive(mergeInputs(expressions.map((expression) => inputsOf(expression, scope))))
}

/** What sort, group and distinct clauses refer to: entries of the target list. */
export function keysOf(clauses: readonly TreeNode[], scope: Scope): Inputs {
  return mergeInputs(
    clauses.map((clause) => {
      const key = clause.number('tleSortGroupRef')
      return inputsOf(
        scope.query.nodes('targetList').find((target) => target.number('ressortgroupref') === key),
        scope,
      )
    }),
  )
}

/** Whether an expression, outside of queries in it, gives several rows. */
export function givesRows(expression: TreeNode): boolean {
  if (expression.kind === 'SUBLINK') return false
  if (expression.flag('funcretset') || expression.flag('opretset')) return true
  return expression.children().some(givesRows)
}

function belowOf(node: TreeNode, scope: Scope): Inputs {
  return derivedFrom(node.children(), scope)
}

function variable(node: TreeNode, scope: Scope): Inputs {
  const owner = scopeAbove(scope, node.number('varlevelsup'))
  return owner?.entry(node.number('varno')).column(node.number('varattno')) ?? scope.anything()
}

/** `(o).status`, where `o` is a row of what the query reads: that column. */
function field(node: TreeNode, scope: Scope): Inputs {
  const row = node.node('arg')
  const owner = row?.kind === 'VAR' && row.number('varattno') === 0 && scopeAbove(scope, row.number('varlevelsup'))
  if (!row || !owner) return belowOf(node, scope)
  return owner.entry(row.number('varno')).column(node.number('fieldnum'))
}

/** A query in an expression: what decides about its rows decides about the value, and nothing else. */
function sublink(node: TreeNode, scope: Scope): Inputs {
  const query = node.node('subselect')
  if (!query) return scope.anything()
  const kind = node.number('subLinkType')
  const flow = scope.open(query)
  const rows = deriveFromRows(flow.rows())
  if (kind === EXISTS) return rows
  const values = mergeInputs(Array.from({ length: flow.width }, (_, index) => flow.column(index + 1)))
  if (kind === SCALAR) return mergeInputs([values, rows])
  const order = kind === ARRAY ? derive(flow.order()) : NO_INPUTS
  return mergeInputs([derivedFrom([node.node('testexpr')], scope), derive(values), rows, order])
}

/** Arguments, `filter` and `order by`. Without the latter some aggregates show the order in which their rows come. */
function aggregate(node: TreeNode, scope: Scope): Inputs {
  const showsOrder = node.items('aggorder').length === 0 && !scope.catalog.ignoresOrder(node.number('aggfnoid'))
  const values = mergeInputs([belowOf(node, scope), showsOrder ? derive(scope.orderBelow()) : NO_INPUTS])
  return takenBy(scopeAbove(scope, node.number('agglevelsup'))?.repeats(node) ?? NO_ROWS, values)
}

function windowFunction(node: TreeNode, scope: Scope): Inputs {
  const number = node.number('winref')
  const window = scope.query.nodes('windowClause').find((clause) => clause.number('winref') === number)
  if (!window) return scope.anything()
  const isOrdered = window.items('orderClause').length > 0
  if (!isOrdered && RANKS.has(node.number('winfnoid'))) return NO_INPUTS
  return derive(
    mergeInputs([
      belowOf(node, scope),
      keysOf(window.nodes('partitionClause'), scope),
      isOrdered ? keysOf(window.nodes('orderClause'), scope) : windowOrderBelow(node, scope),
      derivedFrom([window.node('startOffset'), window.node('endOffset')], scope),
    ]),
  )
}

/** A window without an order takes the rows as they come; aggregates over it see all rows of the partition at once. */
function windowOrderBelow(node: TreeNode, scope: Scope): Inputs {
  return scope.catalog.ignoresOrder(node.number('winfnoid')) ? NO_INPUTS : scope.orderBelow()
}
