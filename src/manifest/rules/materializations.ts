import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Manifest } from '../manifest.ts'
import type { Model, RunnableNode } from '../nodes.ts'

const OF_MODELS = ['view', 'table', 'incremental', 'materialized_view', 'ephemeral'] as const

/** Models with a materialization that is neither built in nor defined by a block, and others with one at all. */
export function checkMaterializations(manifest: Manifest): readonly Diagnostic[] {
  const custom = new Set<string>()
  for (const { definition } of manifest.macros.values()) {
    const name =
      definition.kind === 'materialization' ? /^materialization_(.+)_[^_]+$/.exec(definition.name)?.[1] : undefined
    if (name !== undefined) custom.add(name)
  }
  const known: ReadonlySet<string> = new Set([...OF_MODELS, ...custom])
  return [...manifest.nodes.values()].flatMap((node) => {
    const { materialized } = node.config
    if (node.kind === 'model') return known.has(materialized) ? [] : [materializationNotFound(node, known)]
    return materialized === node.kind ? [] : [materializationOfOther(node)]
  })
}

function materializationNotFound(model: Model, known: ReadonlySet<string>): Diagnostic {
  const { materialized } = model.config
  return problem('materialization-not-found', `There is no materialization "${materialized}".`, {
    place: model.configPlaces.get('materialized') ?? model.place,
    subject: `model ${model.name}`,
    hint: didYouMean(materialized, known) ?? `it is one of ${[...known].join(', ')}`,
  })
}

function materializationOfOther(node: RunnableNode): Diagnostic {
  const { kind, name, config } = node
  return problem('materialization-not-found', `A ${kind} cannot be materialized as "${config.materialized}".`, {
    place: node.configPlaces.get('materialized') ?? node.place,
    subject: `${kind} ${name}`,
    hint: 'only models have the config "materialized"',
  })
}
