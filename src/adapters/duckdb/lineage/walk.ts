import {
  copyOf,
  cutBy,
  decideBy,
  derive,
  type Inputs,
  mergeInputs,
  mergeRows,
  NO_INPUTS,
  NO_ROWS,
  takenBy,
} from '../../../sql/lineage-inputs.ts'
import type { Json } from '../../../util/json.ts'
import { columnAt, inputsOf, type Scope } from './expressions.ts'
import { joined } from './join.ts'
import { keysThrough, placeOf, tellsApart } from './keys.ts'
import { filteredByNumber, numberingsOf, seenBy } from './numbering.ts'
import { endsInOrder, isConstantRank, showsOrder } from './order.ts'
import { beside, type Output, onlyValues, sizeOf, union } from './output.ts'
import { listOf, NotUnderstood, numbersOf, objectOf, type PlanNode, textOf } from './plan.ts'
import { groupingSide, ignoresRepeats, keptBy, repeatsOf } from './repeats.ts'
import { picked, pickedOf, projected } from './through.ts'

/** Where an operator stands. */
interface Surroundings {
  /** The columns that correlated subqueries get from the query around them; undefined outside of such. */
  readonly correlated: readonly Inputs[] | undefined
  /** Whether it matters in which order the rows come: not at the top, where the order is only seen. */
  readonly orderMatters: boolean
}

/** Follows the columns of a plan from the tables up to the query. Throws `NotUnderstood`. */
export function walkPlan(root: PlanNode): Output {
  return new Walker().visit(root, { correlated: undefined, orderMatters: false })
}

type Visit = (this: Walker, node: PlanNode, around: Surroundings) => Output

class Walker {
  /** What common table expressions give, by their index. */
  readonly #ctes = new Map<number, (around: Surroundings) => Output>()
  /** The columns of operators that have a number. */
  readonly #tables = new Map<number, readonly Inputs[]>()

  visit(node: PlanNode, around: Surroundings): Output {
    const visit = VISITS[node.type]
    if (visit === undefined) throw new NotUnderstood(`the operator ${node.type}`)
    const output = visit.call(this, node, around)
    if (typeof node.fields.table_index === 'number') this.#tables.set(node.fields.table_index, output.columns)
    return output
  }

  inputs(expression: Json | undefined, below: readonly Inputs[]): Inputs {
    const scope: Scope = { below, ofTable: (index) => this.#tables.get(index) }
    return inputsOf(expression, scope)
  }

  all(expressions: Json | undefined, { columns }: Output): readonly Inputs[] {
    return listOf(expressions).map((expression) => this.inputs(expression, columns))
  }

  /** The output of the only child, or of the first of two. */
  below(node: PlanNode, around: Surroundings): Output {
    const [child] = node.children
    if (child === undefined) throw new NotUnderstood(`${node.type} has nothing below`)
    return this.visit(child, around)
  }

  two(node: PlanNode, around: Surroundings): readonly [Output, Output] {
    const [left, right] = node.children
    if (left === undefined || right === undefined) throw new NotUnderstood(`${node.type} has not two children`)
    return [this.visit(left, around), this.visit(right, around)]
  }

  cte({ fields }: PlanNode, around: Surroundings): Output {
    const give = this.#ctes.get(Number(fields.cte_index))
    if (give === undefined) throw new NotUnderstood(`there is no common table expression ${String(fields.cte_index)}`)
    return give(around)
  }

  materializedCte(node: PlanNode, around: Surroundings): Output {
    const [definition, user] = node.children
    if (definition === undefined || user === undefined) throw new NotUnderstood(`${node.type} has not two children`)
    const known = new Map<boolean, Output>()
    this.#ctes.set(Number(node.fields.table_index), ({ orderMatters }) => {
      const output = known.get(orderMatters) ?? this.visit(definition, { ...around, orderMatters })
      known.set(orderMatters, output)
      return output
    })
    return this.visit(user, around)
  }

  /** What a recursion gives is among what it reads: it is followed until nothing is added any more. */
  recursiveCte(node: PlanNode, around: Surroundings): Output {
    const [start, step] = node.children
    if (start === undefined || step === undefined) throw new NotUnderstood(`${node.type} has not two children`)
    const { columns, rows } = this.visit(start, around)
    let given: Output = { columns, rows }
    for (;;) {
      const known = given
      this.#ctes.set(Number(node.fields.table_index), () => known)
      const next = this.visit(step, around)
      const joined = union([given, next])
      const rows =
        node.fields.union_all === true
          ? joined.rows
          : mergeRows([joined.rows, decideBy('grouped', mergeInputs(joined.columns))])
      const grown = { columns: joined.columns, rows }
      if (sizeOf(grown) === sizeOf(given)) return grown
      given = grown
    }
  }

  /** A join of which one side may be a subquery that reads columns of the other. */
  join(node: PlanNode, around: Surroundings): Output {
    const [first, second] = node.children
    if (first === undefined || second === undefined) throw new NotUnderstood(`${node.type} has not two children`)
    if (node.type !== 'LOGICAL_DELIM_JOIN')
      return this.joined(node, this.visit(first, around), this.visit(second, around))
    const given = ({ columns }: Output): Surroundings => ({
      ...around,
      correlated: listOf(node.fields.duplicate_eliminated_columns).map((column) => this.inputs(column, columns)),
    })
    if (node.fields.delim_flipped === true) {
      const right = this.visit(second, around)
      return this.joined(node, this.visit(first, given(right)), right)
    }
    const left = this.visit(first, around)
    return this.joined(node, left, this.visit(second, given(left)))
  }

  joined(node: PlanNode, left: Output, right: Output): Output {
    return joined(node, [left, right], (expression, below) => this.inputs(expression, below))
  }
}

const VISITS: Readonly<Record<string, Visit>> = {
  LOGICAL_GET: get,
  LOGICAL_PROJECTION(node, around) {
    const below = seenBy(this.below(node, around), listOf(node.fields.expressions))
    return {
      ...projected(below, listOf(node.fields.expressions)),
      columns: this.all(node.fields.expressions, below),
      rows: below.rows,
    }
  },
  LOGICAL_FILTER(node, around) {
    const below = this.below(node, around)
    const { projection_map: map, expressions } = node.fields
    const numbered = filteredByNumber(below, listOf(expressions))
    if (numbered) return pickedOf(numbered, map)
    const { columns, keys = [] } = below
    const by = decideBy('filtered', mergeInputs(this.all(expressions, below)))
    return pickedOf(
      { columns, rows: mergeRows([below.rows, by]), keys, kept: keptBy(below.kept, expressions, by) },
      map,
    )
  },
  LOGICAL_AGGREGATE_AND_GROUP_BY: aggregate,
  LOGICAL_WINDOW(node, around) {
    const isShown = listOf(node.fields.expressions).some(showsOrder)
    const below = this.below(node, { ...around, orderMatters: around.orderMatters || isShown })
    // Which other rows there are is part of what a window sees.
    const computed = listOf(node.fields.expressions).map((expression) =>
      isConstantRank(expression) ? NO_INPUTS : this.inputs(expression, below.columns),
    )
    const { rows, keys = [], kept = [] } = below
    const numberings = [...(below.numberings ?? []), ...numberingsOf(node, below)]
    return { columns: [...below.columns, ...computed], rows, keys, numberings, kept }
  },
  LOGICAL_UNNEST(node, around) {
    const below = this.below(node, around)
    const computed = this.all(node.fields.expressions, below)
    // As many rows as the lists are long.
    const lists = listOf(node.fields.expressions).filter((expression) => !isWrittenList(expression))
    const lengths = lists.map((list) => this.inputs(list, below.columns))
    return {
      columns: [...below.columns, ...computed],
      rows: mergeRows([below.rows, decideBy('joined', mergeInputs(lengths))]),
    }
  },
  LOGICAL_COMPARISON_JOIN: join,
  LOGICAL_ANY_JOIN: join,
  LOGICAL_ASOF_JOIN: join,
  LOGICAL_DELIM_JOIN: join,
  LOGICAL_DEPENDENT_JOIN: join,
  LOGICAL_CROSS_PRODUCT(node, around) {
    const [left, right] = this.two(node, around)
    const [first, second] = node.children
    return beside(isOneRow(first) ? onlyValues(left) : left, isOneRow(second) ? onlyValues(right) : right)
  },
  LOGICAL_POSITIONAL_JOIN(node, around) {
    return beside(...this.two(node, { ...around, orderMatters: true }))
  },
  LOGICAL_UNION(node, around) {
    return union(node.children.map((child) => this.visit(child, around)))
  },
  LOGICAL_EXCEPT: difference,
  LOGICAL_INTERSECT: difference,
  LOGICAL_MATERIALIZED_CTE(node, around) {
    return this.materializedCte(node, around)
  },
  LOGICAL_RECURSIVE_CTE(node, around) {
    return this.recursiveCte(node, { ...around, orderMatters: true })
  },
  LOGICAL_CTE_REF(node, around) {
    return this.cte(node, around)
  },
  LOGICAL_DELIM_GET(_, { correlated }) {
    if (correlated === undefined) throw new NotUnderstood('a correlated column stands outside of a subquery')
    // What decides about the rows of the query around is counted there. No values come twice.
    return { columns: correlated, rows: NO_ROWS, keys: [correlated.map((_, place) => place)] }
  },
  LOGICAL_ORDER_BY(node, around) {
    const below = this.below(node, around)
    const order = listOf(node.fields.orders).map((key) => ({
      place: placeOf(objectOf(key).expression),
      inputs: this.inputs(key, below.columns),
    }))
    const sorted = pickedOf({ ...below, order }, node.fields.projection_map ?? node.fields.projections)
    if (!around.orderMatters) return sorted
    const inputs = mergeInputs(order.map((key) => key.inputs))
    return { ...sorted, rows: mergeRows([below.rows, decideBy('ordered', inputs)]), kept: [] }
  },
  LOGICAL_LIMIT(node, around) {
    const isSorted = node.children.some(endsInOrder)
    const below = this.below(node, isSorted ? around : { ...around, orderMatters: true })
    const limits = ['limit_val', 'offset_val'].map((name) => this.inputs(node.fields[name], below.columns))
    return {
      columns: below.columns.map((inputs, place) => takenBy(cutBy(below.order ?? [], place), inputs)),
      rows: mergeRows([below.rows, decideBy('ordered', mergeInputs(limits))]),
      keys: below.keys ?? [],
    }
  },
  LOGICAL_SAMPLE(node, around) {
    return this.below(node, { ...around, orderMatters: true })
  },
  LOGICAL_DISTINCT: distinct,
  LOGICAL_PIVOT(node, around) {
    const below = this.below(node, { ...around, orderMatters: true })
    const pivot = objectOf(node.fields.bound_pivot)
    const groups = Number(pivot.group_count ?? 0)
    const spread = derive(mergeInputs(below.columns.slice(groups)))
    const values = listOf(pivot.types).slice(groups)
    return { columns: [...below.columns.slice(0, groups), ...values.map(() => spread)], rows: below.rows }
  },
  LOGICAL_DUMMY_SCAN: () => ({ columns: [NO_INPUTS], rows: NO_ROWS }),
  LOGICAL_EXPRESSION_GET(node, around) {
    const below = node.children.length > 0 ? this.below(node, around).columns : []
    const rows = listOf(node.fields.expressions).map(listOf)
    const width = Math.max(0, ...rows.map((row) => row.length))
    const columns = Array.from({ length: width }, (_, index) =>
      mergeInputs(rows.map((row) => this.inputs(row[index], below))),
    )
    return { columns, rows: NO_ROWS }
  },
  LOGICAL_CHUNK_GET: constants,
  LOGICAL_EMPTY_RESULT: constants,
}

function get(this: Walker, node: PlanNode, around: Surroundings): Output {
  const { fields } = node
  const names = listOf(fields.names).map(textOf)
  const read = listOf(fields.column_indexes).map((column) => Number(objectOf(column).index))
  const { schema, table } = objectOf(fields.function_data)
  if (node.children.length > 0) {
    // A function of the rows below, such as `unnest` in the place of a table.
    const below = this.below(node, { ...around, orderMatters: true })
    const given = listOf(fields.input_table_types).length
    const all = derive(mergeInputs(below.columns.slice(0, given || undefined)))
    const computed = picked(
      read.map(() => all),
      fields.projection_ids,
    )
    const kept = numbersOf(fields.projected_input).map((index) => columnAt(below.columns, index))
    return { columns: [...computed, ...kept], rows: mergeRows([below.rows, decideBy('joined', all)]) }
  }
  const columns = read.map((index) => {
    const column = names[index]
    // Of functions that read nothing of ours (`range`, files) there is nothing to tell, and neither of row numbers.
    if (typeof table !== 'string' || column === undefined) return NO_INPUTS
    return copyOf({ schema: textOf(schema), relation: table, column })
  })
  return { columns: picked(columns, fields.projection_ids), rows: NO_ROWS }
}

function aggregate(this: Walker, node: PlanNode, around: Surroundings): Output {
  const aggregates = listOf(node.fields.expressions)
  const isShown = aggregates.some(showsOrder)
  const below = this.below(node, { ...around, orderMatters: isShown })
  const side = groupingSide(below, node.fields.groups)
  const repeats = repeatsOf(side, below.rows)
  const groups = this.all(node.fields.groups, below)
  const computed = aggregates.map((expression) => {
    const inputs = derive(this.inputs(expression, below.columns))
    return side && ignoresRepeats(expression, side) ? inputs : takenBy(repeats, inputs)
  })
  const grouping = listOf(node.fields.grouping_functions).map((indexes) =>
    derive(mergeInputs(numbersOf(indexes).map((index) => columnAt(groups, index)))),
  )
  return {
    columns: [...groups, ...computed, ...grouping],
    rows: mergeRows([side?.rows ?? below.rows, decideBy('grouped', mergeInputs(groups))]),
    keys: listOf(node.fields.grouping_sets).length <= 1 ? [groups.map((_, place) => place)] : [],
  }
}

/** `distinct` and `distinct on`: the order decides which row of several gives the columns that are not compared. */
function distinct(this: Walker, node: PlanNode, around: Surroundings): Output {
  const order = listOf(objectOf(node.fields.order_by).orders)
  const compared = listOf(node.fields.distinct_targets).map(placeOf)
  const isPlain = node.fields.distinct_type !== 'DISTINCT_ON'
  const below = this.below(node, isPlain || order.length > 0 ? around : { ...around, orderMatters: true })
  if (tellsApart(below.keys, compared)) return { columns: below.columns, rows: below.rows, keys: below.keys ?? [] }
  const keys = order.filter((key) => !compared.includes(placeOf(objectOf(key).expression) ?? -1))
  const sorted = decideBy('ordered', this.inputs(keys, below.columns))
  const side = isPlain ? groupingSide(below, node.fields.distinct_targets) : undefined
  return {
    columns: below.columns.map((inputs, place) => (compared.includes(place) ? inputs : takenBy(sorted, inputs))),
    rows: mergeRows([
      side?.rows ?? below.rows,
      decideBy('grouped', mergeInputs(this.all(node.fields.distinct_targets, below))),
    ]),
    keys: [
      ...(below.keys ?? []),
      ...keysThrough(
        [compared.map((_, index) => index)],
        below.columns.map((_, place) => compared.indexOf(place)),
      ),
    ],
  }
}

function join(this: Walker, node: PlanNode, around: Surroundings): Output {
  return this.join(node, around)
}

function difference(this: Walker, node: PlanNode, around: Surroundings): Output {
  const [left, right] = this.two(node, around)
  const compared = decideBy('filtered', mergeInputs([...left.columns, ...right.columns]))
  return { columns: left.columns, rows: mergeRows([left.rows, right.rows, compared]), keys: left.keys ?? [] }
}

function constants(this: Walker, { fields }: PlanNode): Output {
  const types = listOf(fields.chunk_types ?? fields.return_types)
  return { columns: types.map(() => NO_INPUTS), rows: NO_ROWS }
}

function isOneRow(node: PlanNode | undefined): boolean {
  if (node === undefined) return false
  if (node.type === 'LOGICAL_DUMMY_SCAN') return true
  if (node.type === 'LOGICAL_PROJECTION') return isOneRow(node.children[0])
  const { groups, grouping_sets: sets } = node.fields
  return node.type === 'LOGICAL_AGGREGATE_AND_GROUP_BY' && listOf(groups).length === 0 && listOf(sets).length <= 1
}

/** `[a, b]`: it has as many items as were written. */
function isWrittenList(expression: Json): boolean {
  const list = objectOf(objectOf(expression).child)
  return list.name === 'list_value'
}
