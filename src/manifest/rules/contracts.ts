import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Span } from '../../text/source-file.ts'
import type { Manifest } from '../manifest.ts'
import type { Constraint, Model, RunnableNode } from '../nodes.ts'

const WITH_CONTRACT: readonly string[] = ['table', 'view', 'incremental']

/** Contracts that promise too little to be enforced, or what nobody can keep. */
export function checkContracts(manifest: Manifest): readonly Diagnostic[] {
  return [...manifest.nodes.values()].flatMap((node) => {
    if (!node.config.contract.enforced) return []
    return node.kind === 'model' ? checkModel(node) : [contractOfOther(node)]
  })
}

function checkModel(model: Model): readonly Diagnostic[] {
  const { materialized, on_schema_change: onSchemaChange } = model.config
  if (!WITH_CONTRACT.includes(materialized)) return [contractOfMaterialization(model)]
  if (model.columns.length === 0) return [contractWithoutColumns(model)]
  const isAllowed = materialized !== 'incremental' || ['append_new_columns', 'fail'].includes(onSchemaChange)
  return [
    ...(isAllowed ? [] : [contractSchemaChange(model)]),
    ...model.columns.flatMap((column) => (column.data_type === undefined ? [typeMissing(model, column)] : [])),
    ...model.columns.flatMap(({ constraints }) => constraints.flatMap((each) => checkConstraint(model, each, true))),
    ...model.constraints.flatMap((constraint) => checkConstraint(model, constraint, false)),
    ...(materialized === 'view' ? constraintsOnView(model) : []),
  ]
}

function checkConstraint(model: Model, constraint: Constraint, isOnColumn: boolean): readonly Diagnostic[] {
  const { type, expression, to, toColumns, columns, place } = constraint
  const names = model.columns.map(({ name }) => name)
  const known = new Set(names.map((name) => name.toLowerCase()))
  const unknown = columns.filter((name) => !known.has(name.toLowerCase()))
  const found = unknown.map((name) => constraintColumnUnknown(name, place, didYouMean(name, names)))
  const isAboutColumns = type !== 'check' && type !== 'custom'
  if (isAboutColumns && !isOnColumn && columns.length === 0) found.push(constraintIncomplete(constraint, 'columns'))
  if (!isAboutColumns && expression === undefined) found.push(constraintIncomplete(constraint, 'expression'))
  if (type === 'foreign_key' && to === undefined && expression === undefined) {
    found.push(constraintIncomplete(constraint, 'to'))
  }
  const own = isOnColumn ? 1 : columns.length
  if (type === 'foreign_key' && to !== undefined && toColumns.length !== own) {
    found.push(constraintIncomplete(constraint, 'to_columns', `as many as the key has: ${own}`))
  }
  return found
}

/** dbt warns of them too, unless the constraint says `warn_unsupported: false`. */
function constraintsOnView(model: Model): readonly Diagnostic[] {
  const all = [...model.columns.flatMap(({ constraints }) => constraints), ...model.constraints]
  const first = all.find(({ warnUnsupported }) => warnUnsupported)
  if (!first) return []
  return [
    asWarning(
      problem('constraint-on-view', `The view "${model.name}" cannot have constraints: they are not enforced.`, {
        place: first.place,
        hint: 'materialize it as a table, or test the same with data tests',
      }),
    ),
  ]
}

function contractOfOther(node: RunnableNode): Diagnostic {
  return asWarning(
    problem(
      'contract-not-enforced',
      `Only models have contracts: that of the ${node.kind} "${node.name}" does nothing.`,
      {
        place: contractPlace(node),
      },
    ),
  )
}

function contractOfMaterialization(model: Model): Diagnostic {
  return problem(
    'contract-materialization',
    `A model that is materialized as "${model.config.materialized}" cannot have an enforced contract.`,
    { place: contractPlace(model), subject: `model ${model.name}`, hint: `${WITH_CONTRACT.join(', ')} can` },
  )
}

function contractWithoutColumns(model: Model): Diagnostic {
  return problem('contract-without-columns', `The contract of "${model.name}" is enforced, but names no columns.`, {
    place: contractPlace(model),
    hint: 'list every column with its data_type under "columns" in a properties file',
  })
}

function contractSchemaChange(model: Model): Diagnostic {
  const { on_schema_change: written } = model.config
  return problem(
    'contract-schema-change',
    `An incremental model with a contract cannot have on_schema_change "${written}".`,
    {
      place: model.configPlaces.get('on_schema_change') ?? contractPlace(model),
      subject: `model ${model.name}`,
      hint: 'set it to append_new_columns or fail',
    },
  )
}

function typeMissing(model: Model, column: Model['columns'][number]): Diagnostic {
  return problem('contract-type-missing', `The column "${column.name}" of a contract has no data_type.`, {
    place: column.place ?? contractPlace(model),
    subject: `model ${model.name}`,
    hint: 'a contract says the type of every column',
  })
}

function constraintColumnUnknown(name: string, place: Span, hint: string | undefined): Diagnostic {
  return problem(
    'constraint-column',
    `The constraint is about the column "${name}", which the contract does not have.`,
    {
      place,
      ...(hint === undefined ? {} : { hint }),
    },
  )
}

function constraintIncomplete({ type, place }: Constraint, key: string, hint?: string): Diagnostic {
  return problem('constraint-incomplete', `The constraint "${type}" needs "${key}".`, {
    place,
    ...(hint === undefined ? {} : { hint }),
  })
}

function contractPlace(node: RunnableNode): Span {
  return node.configPlaces.get('contract') ?? node.place
}

function asWarning(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'warning' }
}
