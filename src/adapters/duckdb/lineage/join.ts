import {
  decideBy,
  derive,
  deriveFromRows,
  type Inputs,
  mergeInputs,
  mergeRows,
  takenBy,
} from '../../../sql/lineage-inputs.ts'
import type { Json, JsonObject } from '../../../util/json.ts'
import { combined, equalities, tellsApart } from './keys.ts'
import { beside, type KeptSide, type Output, onlyValues } from './output.ts'
import { listOf, objectOf, type PlanNode, textOf } from './plan.ts'
import { pickedOf } from './through.ts'

/** What a join gives of its two sides. `inputsOf` gives the inputs of an expression over the columns of a side. */
export function joined(
  { type, fields }: PlanNode,
  [left, right]: readonly [Output, Output],
  inputsOf: (expression: Json | undefined, below: readonly Inputs[]) => Inputs,
): Output {
  const both = [...left.columns, ...right.columns]
  const conditions = [
    ...listOf(fields.conditions).flatMap((condition) => {
      const { left: one, right: other, comparison } = objectOf(condition)
      const sides = [inputsOf(one, left.columns), inputsOf(other, right.columns)] as const
      return comparison === 'COMPARE_NOT_DISTINCT_FROM' && isReturned(fields, ...sides) ? [] : sides
    }),
    // Over the columns of both sides.
    inputsOf(fields.condition, both),
    inputsOf(fields.predicate, both),
  ]
  const { columns: leftColumns, keys: leftKeys = [], kept: leftKept = [] } = pickedOf(left, fields.left_projection_map)
  const {
    columns: rightColumns,
    keys: rightKeys = [],
    kept: rightKept = [],
  } = pickedOf(right, fields.right_projection_map)
  const compared = equalities(fields.conditions)
  const isOneRight = type === 'LOGICAL_ASOF_JOIN' || tellsApart(right.keys, compared.right)
  const isOneLeft = tellsApart(left.keys, compared.left)
  const found = decideBy('joined', mergeInputs(conditions))
  switch (fields.join_type) {
    case 'SEMI':
    case 'ANTI':
      return {
        columns: leftColumns,
        rows: mergeRows([left.rows, right.rows, decideBy('filtered', mergeInputs(conditions))]),
        keys: leftKeys,
      }
    case 'RIGHT_SEMI':
    case 'RIGHT_ANTI':
      return {
        columns: rightColumns,
        rows: mergeRows([left.rows, right.rows, decideBy('filtered', mergeInputs(conditions))]),
      }
    case 'MARK': {
      // One more column: whether there is such a row.
      const mark = derive(mergeInputs([...conditions, deriveFromRows(right.rows)]))
      return { columns: [...leftColumns, mark], rows: left.rows, keys: leftKeys }
    }
    case 'SINGLE': {
      const values = {
        columns: rightColumns,
        rows: mergeRows([right.rows, decideBy('joined', mergeInputs(conditions))]),
      }
      return { ...beside({ columns: leftColumns, rows: left.rows }, onlyValues(values)), keys: leftKeys }
    }
    default: {
      const width = leftColumns.length
      const keys = combined(leftKeys, rightKeys, { isOneLeft, isOneRight, width, type: textOf(fields.join_type) })
      // Where a row finds one partner at most, the partners decide about what they add, and not about the rows.
      const isAdded = { LEFT: isOneRight, RIGHT: isOneLeft }[String(fields.join_type)] ?? false
      const sides = [
        { from: 0, width, rows: left.rows, kept: leftKept },
        { from: width, width: rightColumns.length, rows: right.rows, kept: rightKept },
      ] as const
      const kept = keptSides({ LEFT: sides[0], RIGHT: sides[1] }[String(fields.join_type)])
      if (!isAdded) {
        return {
          columns: [...leftColumns, ...rightColumns],
          rows: mergeRows([left.rows, right.rows, found]),
          keys,
          kept,
        }
      }
      const added = mergeRows([found, fields.join_type === 'LEFT' ? right.rows : left.rows])
      const add = (columns: readonly Inputs[]) => columns.map((inputs) => takenBy(added, inputs))
      return {
        columns:
          fields.join_type === 'LEFT' ? [...leftColumns, ...add(rightColumns)] : [...add(leftColumns), ...rightColumns],
        rows: fields.join_type === 'LEFT' ? left.rows : right.rows,
        keys,
        kept,
      }
    }
  }
}

/** The side that a join keeps, with its first column at `from`, and those that were kept in it; none where it keeps none. */
function keptSides(
  side: (Required<Pick<Output, 'rows' | 'kept'>> & { readonly from: number; readonly width: number }) | undefined,
): readonly KeptSide[] {
  if (!side) return []
  const { from, width, rows, kept } = side
  const own = { places: new Set(Array(width).keys()), rows }
  return [...kept, own].map((each) => ({ ...each, places: new Set([...each.places].map((place) => place + from)) }))
}

/**
 * Whether a condition only brings a subquery's rows back to the row that they were computed for: it compares a correlated
 * column with itself. What the subquery makes of that column is told by its own filters and values.
 */
function isReturned({ duplicate_eliminated_columns: shared }: JsonObject, one: Inputs, other: Inputs): boolean {
  if (shared === undefined || one.size !== other.size) return false
  return [...one].every(([key, { how }]) => other.get(key)?.how === how)
}
