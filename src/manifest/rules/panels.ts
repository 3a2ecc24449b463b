import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { Manifest } from '../manifest.ts'

/** Panels show what was published, so that what never is cannot be shown. */
export function checkPanels(manifest: Manifest): readonly Diagnostic[] {
  return [...manifest.exposures.values()].flatMap(({ panels }) =>
    panels.flatMap(({ name, model, modelPlace }) => {
      const node = manifest.nodes.get(model)
      if (node?.kind !== 'model' || node.config.materialized !== 'ephemeral') return []
      const message = `The panel "${name}" shows "${node.name}", which is ephemeral: there is no relation to show.`
      return [problem('panel-model', message, { place: modelPlace, hint: 'make it a view or a table' })]
    }),
  )
}
