import { derive, type Inputs, mergeInputs, NO_INPUTS } from '../../../sql/lineage-inputs.ts'
import { isJsonObject, type Json } from '../../../util/json.ts'
import { NotUnderstood, objectOf } from './plan.ts'

/** Parts of an expression that hold no values: types, constants, and the bodies of lambdas, whose captures stand beside them. */
const NO_VALUES = new Set(['return_type', 'value', 'arguments', 'type', 'arg_types', 'result_type', 'lambda_expr'])

/** What expressions can name. */
export interface Scope {
  /** The columns of the operator below. */
  readonly below: readonly Inputs[]
  /** The columns of an operator that is told by its number. */
  readonly ofTable: (index: number) => readonly Inputs[] | undefined
}

/** The inputs of an expression. */
export function inputsOf(expression: Json | undefined, scope: Scope): Inputs {
  if (Array.isArray(expression)) return derive(mergeInputs(expression.map((item) => inputsOf(item, scope))))
  if (!isJsonObject(expression)) return NO_INPUTS
  switch (expression.expression_class) {
    case 'BOUND_REF':
      return columnAt(scope.below, Number(expression.index))
    case 'BOUND_COLUMN_REF': {
      const { table_index: table, column_index: column } = objectOf(expression.binding)
      return columnAt(scope.ofTable(Number(table)) ?? [], Number(column))
    }
    case 'BOUND_CONSTANT':
      return NO_INPUTS
    default: {
      // There are many of them: no lists of what has nothing in it.
      const parts: Inputs[] = []
      for (const name in expression) {
        const part = expression[name]
        if (typeof part === 'object' && !NO_VALUES.has(name)) parts.push(inputsOf(part, scope))
      }
      return derive(mergeInputs(parts))
    }
  }
}

/** A written value, perhaps of another type. */
export function isConstant(expression: Json | undefined): boolean {
  if (!isJsonObject(expression)) return false
  if (expression.expression_class === 'BOUND_CAST') return isConstant(expression.child)
  return expression.expression_class === 'BOUND_CONSTANT'
}

/** The columns below that an expression reads, each as often as it does; undefined where it reads something else as well. */
export function placesRead(expression: Json | undefined): readonly number[] | undefined {
  if (Array.isArray(expression)) return allPlaces(expression)
  if (!isJsonObject(expression)) return []
  switch (expression.expression_class) {
    case 'BOUND_REF':
      return [Number(expression.index)]
    case 'BOUND_COLUMN_REF':
      return undefined
    default:
      return allPlaces(
        Object.entries(expression)
          .filter(([name]) => !NO_VALUES.has(name))
          .map(([, part]) => part),
      )
  }
}

function allPlaces(parts: readonly (Json | undefined)[]): readonly number[] | undefined {
  const places = parts.map(placesRead)
  return places.includes(undefined) ? undefined : places.flatMap((one) => one ?? [])
}

export function columnAt(columns: readonly Inputs[], index: number): Inputs {
  const inputs = columns[index]
  if (inputs === undefined) throw new NotUnderstood(`there is no column ${index} below`)
  return inputs
}
