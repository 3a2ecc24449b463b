import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Manifest } from '../manifest.ts'
import type { Model } from '../nodes.ts'

const OF_MODELS = ['view', 'table', 'incremental', 'ephemeral'] as const

/** Models with a materialization that is neither built in nor defined by a `{% materialization %}` block. */
export function checkMaterializations(manifest: Manifest): readonly Diagnostic[] {
  const custom = new Set<string>()
  for (const { definition } of manifest.macros.values()) {
    const name =
      definition.kind === 'materialization' ? /^materialization_(.+)_[^_]+$/.exec(definition.name)?.[1] : undefined
    if (name !== undefined) custom.add(name)
  }
  const known: ReadonlySet<string> = new Set([...OF_MODELS, ...custom])
  return [...manifest.nodes.values()].flatMap((node) =>
    node.kind === 'model' && !known.has(node.config.materialized) ? [materializationNotFound(node, known)] : [],
  )
}

function materializationNotFound(model: Model, known: ReadonlySet<string>): Diagnostic {
  const { materialized } = model.config
  return problem('materialization-not-found', `There is no materialization "${materialized}".`, {
    place: model.configPlaces.get('materialized') ?? model.place,
    subject: `model ${model.name}`,
    hint: didYouMean(materialized, known) ?? `it is one of ${[...known].join(', ')}`,
  })
}
