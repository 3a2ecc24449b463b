import type { ColumnProperties, Constraint, Model } from '../../manifest/nodes.ts'
import type { ColumnDefinition } from '../../sql/column-definition.ts'
import { translateType } from '../../sql/type-names.ts'

/**
 * A contract that holds for a query: every column that it promises is one of the query's. What is built from it has these
 * columns, in this order and of these types, whatever the order of the query.
 */
export interface Contract {
  readonly columns: readonly ContractColumn[]
  /** Those of the whole model. */
  readonly constraints: readonly Constraint[]
}

export interface ContractColumn extends ColumnDefinition {
  readonly constraints: readonly Constraint[]
}

/** Whether a model's contract is one that its build has to keep. */
export function hasContract(node: { readonly kind: string; readonly config: Model['config'] }): node is Model {
  return node.kind === 'model' && node.config.contract.enforced
}

/** A contract as it is written, for a plan that asks no database. */
export function writtenContract(model: Model): Contract {
  const columns = model.columns.map((column) => ({
    name: column.name,
    type: writtenType(model, column),
    constraints: column.constraints,
  }))
  return { columns, constraints: model.constraints }
}

/** The type of a column as the engine may read it: dbt's own names are translated, unless the contract says not to. */
export function writtenType({ config }: Model, { data_type: type = '' }: ColumnProperties): string {
  return config.contract.alias_types === false ? type : translateType(type)
}

/** Whether the engine keeps an index for a constraint, which is in the way where indexes are. */
export function hasKey(contract: Contract | undefined): boolean {
  return allConstraints(contract).some(({ type }) => type === 'unique' || type === 'primary_key')
}

export function allConstraints(contract: Contract | undefined): readonly Constraint[] {
  return contract ? [...contract.columns.flatMap((column) => column.constraints), ...contract.constraints] : []
}
