import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { ColumnProperties, Constraint, Model } from '../../manifest/nodes.ts'
import type { Span } from '../../text/source-file.ts'
import type { Difference } from './difference.ts'

/** The query does not give what the contract promises: a table of the differences, at the first of them. */
export function contractBroken(model: Model, differences: readonly Difference[]): Diagnostic {
  const rows = differences.map(({ name, promised, given }) => [
    name,
    promised ?? '-',
    given ?? '-',
    reason(promised, given),
  ])
  const first = differences.find(({ column }) => column)
  return problem(
    'contract-broken',
    `The query of "${model.name}" does not give what its contract promises.\n${table(['column', 'contract', 'query', ''], rows)}`,
    {
      place: (first && placeOf(first, model)) ?? contractPlace(model),
      subject: `model ${model.name}`,
      hint: 'change the query, or what the contract says of these columns',
    },
  )
}

function reason(promised: string | undefined, given: string | undefined): string {
  if (given === undefined) return 'not in the query'
  return promised === undefined ? 'not in the contract' : 'another type'
}

function placeOf({ column, given }: Difference, model: Model): Span {
  const place = given === undefined ? column?.place : (column?.typePlace ?? column?.place)
  return place ?? contractPlace(model)
}

function contractPlace(model: Model): Span {
  return model.configPlaces.get('contract') ?? model.place
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)))
  return [header, ...rows]
    .map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
}

/** The engine does not know a type of the contract. */
export function contractTypeUnknown(
  model: Model,
  column: ColumnProperties,
  { message, hint }: { readonly message: string; readonly hint: string },
): Diagnostic {
  return problem('contract-type', `The type "${column.data_type}" of the column "${column.name}" is none: ${message}`, {
    place: column.typePlace ?? column.place ?? contractPlace(model),
    subject: `model ${model.name}`,
    hint,
  })
}

/** Rows break a constraint: one of these, where the engine does not say which. `message` is the engine's own. */
export function constraintBroken(model: Model, possible: readonly Constraint[], message: string): Diagnostic {
  const [first, ...others] = possible
  return problem('contract-constraint', `Rows of "${model.name}" break its contract: ${message}`, {
    place: first?.place ?? contractPlace(model),
    related: others.map(({ place }) => ({ message: 'or it is this one', place })),
    subject: `model ${model.name}`,
  })
}

/** A row refers to a row of the parent that is not there. */
export function parentMissing(model: Model, constraint: Constraint, key: string): Diagnostic {
  return problem(
    'contract-constraint',
    `A row of "${model.name}" refers to a row that ${constraint.to ?? 'its parent'} does not have: ${key}.`,
    {
      place: constraint.place,
      subject: `model ${model.name}`,
      hint: 'filter such rows out, or add the missing ones to the parent',
    },
  )
}
