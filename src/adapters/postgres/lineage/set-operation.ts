import { decideBy, derive, type Inputs, mergeInputs, mergeRows, NO_INPUTS } from '../../../sql/lineage-inputs.ts'
import type { Flow, Scope } from './flow.ts'
import type { TreeNode } from './node-tree.ts'

const UNION = 1

/** `text` and `varchar`, which only differ by name: a set operation of both changes no value. */
const TEXTS: ReadonlySet<number> = new Set([25, 1043])

/** One side of a set operation, with the types of its columns where they matter. */
interface Side extends Flow {
  typeOf(column: number): number | undefined
}

/**
 * `union`, `intersect` and `except`, which may stand in each other. Values of the latter two are those of the left side. All
 * but `union all` compare whole rows.
 */
export function setOperationFlow(operation: TreeNode, scope: Scope): Flow {
  return sideFlow(operation, scope)
}

function sideFlow(side: TreeNode, scope: Scope): Side {
  return side.kind === 'SETOPERATIONSTMT' ? operationFlow(side, scope) : queryFlow(side.number('rtindex'), scope)
}

function operationFlow(operation: TreeNode, scope: Scope): Side {
  const types = numbersOf(operation, 'colTypes')
  const [left, right] = [operation.node('larg'), operation.node('rarg')].map((side) =>
    converted(side ? sideFlow(side, scope) : nothing, types),
  ) as [Side, Side] // As many as went in.
  const isUnion = operation.number('op') === UNION
  const all = (side: Side) => mergeInputs(types.map((_, index) => side.column(index + 1)))
  return {
    width: types.length,
    typeOf: (column) => types[column - 1],
    column: (column) => (isUnion ? mergeInputs([left.column(column), right.column(column)]) : left.column(column)),
    rows: () =>
      mergeRows([
        left.rows(),
        right.rows(),
        ...(isUnion && operation.flag('all')
          ? []
          : [decideBy('grouped', all(left)), decideBy(isUnion ? 'grouped' : 'filtered', all(right))]),
      ]),
    order: () => NO_INPUTS,
  }
}

const nothing: Side = {
  width: 0,
  typeOf: () => undefined,
  column: () => NO_INPUTS,
  rows: () => new Map(),
  order: () => NO_INPUTS,
}

function queryFlow(number: number, scope: Scope): Side {
  const flow = scope.entry(number)
  const targets = scope.query.list('rtable')[number - 1]?.node('subquery')?.nodes('targetList') ?? []
  return {
    width: flow.width,
    typeOf: (column) => typeOf(targets[column - 1]?.node('expr')),
    column: (column) => flow.column(column),
    rows: () => flow.rows(),
    order: () => NO_INPUTS,
  }
}

/** A side whose columns the operation takes as other types: what is converted is not copied. */
function converted(side: Side, types: readonly number[]): Side {
  const column = (number: number): Inputs => {
    const from = side.typeOf(number)
    const to = types[number - 1]
    const stays = from === undefined || to === undefined || from === to || (TEXTS.has(from) && TEXTS.has(to))
    return stays ? side.column(number) : derive(side.column(number))
  }
  return { ...side, column }
}

/** The type of what may be a copy; of everything else it does not matter. */
function typeOf(expression: TreeNode | undefined): number | undefined {
  switch (expression?.kind) {
    case 'VAR':
      return expression.number('vartype')
    case 'RELABELTYPE':
    case 'COERCETODOMAIN':
    case 'FIELDSELECT':
      return expression.number('resulttype')
    case 'COLLATEEXPR':
      return typeOf(expression.node('arg'))
    case 'SUBLINK':
      return typeOf(expression.node('subselect')?.nodes('targetList')[0]?.node('expr'))
    default:
      return undefined
  }
}

/** A list of numbers begins with the letter of their type. */
function numbersOf(node: TreeNode, field: string): readonly number[] {
  return node.items(field).slice(1).map(Number)
}
