import {
  copyOf,
  decideBy,
  derive,
  type Inputs,
  mergeInputs,
  mergeRows,
  NO_INPUTS,
  NO_ROWS,
  type Rows,
} from '../../../sql/lineage-inputs.ts'
import { derivedFrom, givesRows, inputsOf } from './expressions.ts'
import { type Flow, type LineageRelation, type Scope, scopeAbove } from './flow.ts'
import type { TreeNode } from './node-tree.ts'

/** System columns by their attribute numbers. */
const SYSTEM_COLUMNS: Readonly<Record<number, string>> = {
  [-1]: 'ctid',
  [-2]: 'xmin',
  [-3]: 'cmin',
  [-4]: 'xmax',
  [-5]: 'cmax',
  [-6]: 'tableoid',
}

/** An entry of a query's range table. The cases are Postgres' numbers of the kinds. */
export function entryFlow(entry: TreeNode, scope: Scope): Flow {
  switch (entry.number('rtekind')) {
    case 0:
      return relationFlow(entry, scope)
    case 1:
      return subqueryFlow(entry, scope)
    case 2: // A join: its columns are those of its sides, or what `using` made of them.
      return expressionsFlow(entry.list('joinaliasvars'), scope)
    case 3:
      return functionsFlow(entry, scope)
    case 4:
      return tableFunctionFlow(entry, scope)
    case 5:
      return valuesFlow(entry, scope)
    case 6:
      return commonTableFlow(entry, scope)
    case 8: // No relation at all: one row without columns.
      return expressionsFlow([], scope)
    case 9: // The keys of `group by`, since Postgres 18.
      return expressionsFlow(entry.list('groupexprs'), scope)
    default:
      return unknownFlow(scope)
  }
}

/** What is not understood is made of everything, and everything decides about its rows. */
export function unknownFlow(scope: Scope): Flow {
  const anything = () => derive(scope.anything())
  return { width: 1, column: anything, rows: () => decideBy('joined', scope.anything()), order: anything }
}

function relationFlow(entry: TreeNode, scope: Scope): Flow {
  const relation = scope.catalog.relation(entry.number('relid'))
  if (!relation) return unknownFlow(scope)
  const sample = entry.node('tablesample')
  return makeFlow({
    width: Math.max(0, ...relation.columns.keys()),
    column: (number) => relationColumn(relation, number),
    rows: () => (sample ? decideBy('filtered', derivedFrom(sample.children(), scope)) : NO_ROWS),
  })
}

function relationColumn(relation: LineageRelation, number: number): Inputs {
  const column = number < 0 ? SYSTEM_COLUMNS[number] : relation.columns.get(number)
  // A column that was dropped since is nothing; a whole row has no values of it.
  return column === undefined ? NO_INPUTS : copyOf({ schema: relation.schema, relation: relation.name, column })
}

function subqueryFlow(entry: TreeNode, scope: Scope): Flow {
  const query = entry.node('subquery')
  if (!query) return unknownFlow(scope)
  const flow = scope.open(query)
  return makeFlow({
    width: flow.width,
    column: (number) => flow.column(number),
    rows: () => flow.rows(),
    order: () => flow.order(),
    keys: () => flow.keys?.() ?? [],
    numberings: () => flow.numberings?.() ?? [],
  })
}

function expressionsFlow(expressions: readonly (TreeNode | undefined)[], scope: Scope): Flow {
  return makeFlow({ width: expressions.length, column: (number) => inputsOf(expressions[number - 1], scope) })
}

/** `from unnest(tags) with ordinality`, `rows from (…)`: each function has its columns, and the number comes last. */
function functionsFlow(entry: TreeNode, scope: Scope): Flow {
  const functions = entry.nodes('functions')
  const owners = functions.flatMap((one) => Array.from({ length: one.number('funccolcount') }, () => one))
  return makeFlow({
    width: owners.length + (entry.flag('funcordinality') ? 1 : 0),
    column: (number) => {
      const owner = owners[number - 1]
      return derivedFrom(owner ? [owner.node('funcexpr')] : functions.map((one) => one.node('funcexpr')), scope)
    },
    rows: () => mergeRows(functions.map((one) => functionRows(one.node('funcexpr'), scope))),
  })
}

function functionRows(call: TreeNode | undefined, scope: Scope): Rows {
  return call && givesRows(call) ? decideBy('joined', inputsOf(call, scope)) : NO_ROWS
}

/** `xmltable`, `json_table`. */
function tableFunctionFlow(entry: TreeNode, scope: Scope): Flow {
  const call = entry.node('tablefunc')
  if (!call) return unknownFlow(scope)
  const inputs = derivedFrom(call.children(), scope)
  return makeFlow({
    width: call.items('colnames').length,
    column: () => inputs,
    rows: () => decideBy('joined', inputs),
  })
}

function valuesFlow(entry: TreeNode, scope: Scope): Flow {
  const rows = entry
    .items('values_lists')
    .map((row) => (Array.isArray(row) ? row : [])) as readonly (readonly TreeNode[])[] // A list of lists of expressions.
  return makeFlow({
    width: rows[0]?.length ?? 0,
    column: (number) => mergeInputs(rows.map((row) => inputsOf(row[number - 1], scope))),
  })
}

function commonTableFlow(entry: TreeNode, scope: Scope): Flow {
  const owner = scopeAbove(scope, entry.number('ctelevelsup'))
  const name = entry.text('ctename')
  if (!owner || name === undefined) return unknownFlow(scope)
  const flow = owner.commonTable(name)
  return makeFlow({
    width: flow.width,
    column: (number) => flow.column(number),
    rows: () => flow.rows(),
    order: () => flow.order(),
    keys: () => flow.keys?.() ?? [],
    numberings: () => flow.numberings?.() ?? [],
  })
}

/** Column 0 is the whole row: something made of all columns. */
function makeFlow(flow: Pick<Flow, 'width' | 'column'> & Partial<Flow>): Flow {
  const all = () => Array.from({ length: flow.width }, (_, index) => flow.column(index + 1))
  return {
    width: flow.width,
    column: (number) => (number === 0 ? derive(mergeInputs(all())) : flow.column(number)),
    rows: flow.rows ?? (() => NO_ROWS),
    order: flow.order ?? (() => NO_INPUTS),
    keys: flow.keys ?? (() => []),
    numberings: flow.numberings ?? (() => []),
  }
}
