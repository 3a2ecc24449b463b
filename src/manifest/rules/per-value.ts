import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { Manifest } from '../manifest.ts'
import type { Model, Operation, RunnableNode } from '../nodes.ts'

/**
 * Nodes with one relation per value: they must be tables or views, and no node but a test that is declared on them can
 * refer to them, because a ref stands for one relation.
 */
export function checkPerValue(manifest: Manifest): readonly Diagnostic[] {
  const models = [...manifest.nodes.values()].filter(
    (node): node is Model => node.kind === 'model' && node.config.per_value !== undefined,
  )
  if (models.length === 0) return []
  const readers = [...manifest.nodes.values(), ...manifest.operations]
  return models.flatMap((model) => [
    ...checkMaterialized(model),
    ...readers.flatMap((node) => checkReader(node, model)),
  ])
}

function checkMaterialized(model: Model): readonly Diagnostic[] {
  const { materialized } = model.config
  if (materialized === 'table' || materialized === 'view') return []
  const message = `The model "${model.name}" has a relation per value, so it must be a table or a view, not ${materialized}.`
  const place = model.configPlaces.get('materialized') ?? model.configPlaces.get('per_value') ?? model.place
  return [problem('per-value-materialization', message, { place })]
}

function checkReader(node: RunnableNode | Operation, model: Model): readonly Diagnostic[] {
  if (node.kind === 'seed' || (node.kind === 'test' && node.generic?.attachedTo === model.id)) return []
  const reference = node.refs.find(({ id }) => id === model.id)
  if (!reference) return []
  const message = `"${model.name}" has one relation for each value, so there is no single one that a ref could stand for.`
  return [
    problem('ref-per-value', message, {
      place: reference.call.place ?? node.place,
      related: [
        { message: `is where "${model.name}" says so`, place: model.configPlaces.get('per_value') ?? model.place },
      ],
      hint: 'refer to the model that it reads; a test of its relations is declared on it in a properties file',
    }),
  ]
}
