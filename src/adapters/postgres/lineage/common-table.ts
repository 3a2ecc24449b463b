import {
  decideBy,
  derive,
  type Inputs,
  mergeInputs,
  mergeRows,
  NO_INPUTS,
  NO_ROWS,
  type Rows,
} from '../../../sql/lineage-inputs.ts'
import type { Flow } from './flow.ts'
import type { TreeNode } from './node-tree.ts'

interface Place {
  /** What comes out of a query that stands beside the common table expression. */
  readonly open: (query: TreeNode) => Flow
  /** What is read as this expression from now on. */
  readonly meanwhile: (approximation: Flow) => void
}

/** What comes out of a common table expression, wherever it is read. */
export function commonTableFlow(table: TreeNode, place: Place): Flow {
  const query = table.node('ctequery')
  if (query?.kind !== 'QUERY') return EMPTY
  const flow = table.flag('cterecursive') ? recursiveFlow(query, place) : place.open(query)
  return withSearchAndCycle(table, flow)
}

const EMPTY: Flow = { width: 0, column: () => NO_INPUTS, rows: () => NO_ROWS, order: () => NO_INPUTS }

/**
 * A recursive query reads what it gives. It is looked at with nothing as what it reads, then with what came out of that, until
 * nothing is added any more: columns and reasons only ever get more, and there are only so many.
 */
function recursiveFlow(query: TreeNode, { open, meanwhile }: Place): Flow {
  for (let known = EMPTY; ; ) {
    meanwhile(known)
    const next = settled(open(query))
    if (sizeOf(next) === sizeOf(known)) return next
    known = next
  }
}

/** A flow in which everything was looked up: it does not change with what is read meanwhile. */
function settled(flow: Flow): Flow {
  const columns = Array.from({ length: flow.width }, (_, index) => flow.column(index + 1))
  const rows = flow.rows()
  return {
    width: flow.width,
    column: (number) => columns[number - 1] ?? NO_INPUTS,
    rows: () => rows,
    order: () => NO_INPUTS,
  }
}

/** Something that grows with every input, with every copy that turns out to be derived, and with every row influence. */
function sizeOf(flow: Flow): number {
  let size = flow.width + flow.rows().size
  for (let number = 1; number <= flow.width; number++) {
    for (const { how } of flow.column(number).values()) size += how === 'derived' ? 2 : 1
  }
  return size
}

/**
 * `search … set` and `cycle … set … using` add columns behind those of the query, in this order: a number to order by, a mark,
 * and a path. Where a cycle ends, rows end.
 */
function withSearchAndCycle(table: TreeNode, flow: Flow): Flow {
  const search = table.node('search_clause')
  const cycle = table.node('cycle_clause')
  if (!search && !cycle) return flow
  const names = table.items('ctecolnames').map(String)
  const made = (clause: TreeNode | undefined, field: string): Inputs => {
    const wanted = (clause?.items(field) ?? []).map(String)
    return derive(mergeInputs(wanted.map((name) => flow.column(names.indexOf(name) + 1))))
  }
  const searched = made(search, 'search_col_list')
  const cycled = made(cycle, 'cycle_col_list')
  const added = [...(search ? [searched] : []), ...(cycle ? [cycled, cycled] : [])]
  const rows: Rows = mergeRows([flow.rows(), decideBy('filtered', cycled)])
  return {
    ...flow,
    width: flow.width + added.length,
    column: (number) => (number > flow.width ? (added[number - flow.width - 1] ?? NO_INPUTS) : flow.column(number)),
    rows: () => rows,
  }
}
