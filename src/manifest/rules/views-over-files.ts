import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import { loadedFilesOf } from '../loaded-files.ts'
import type { Manifest } from '../manifest.ts'
import type { Model, Source } from '../nodes.ts'

const VIEWS: ReadonlySet<string> = new Set(['view', 'materialized_view'])

/** Views, materialized or not, that would read files which the engine cannot read: the tables that a run makes of them end with it. */
export function checkViewsOverFiles(manifest: Manifest): readonly Diagnostic[] {
  const views = [...manifest.nodes.values()].filter(
    (node): node is Model => node.kind === 'model' && VIEWS.has(node.config.materialized),
  )
  return views.flatMap((view) => {
    const [source] = loadedFilesOf(manifest, view)
    return source ? [viewOverFiles(view, source)] : []
  })
}

function viewOverFiles(view: Model, { id, sourceName, name, place }: Source): Diagnostic {
  const call = view.sources.find((each) => each.id === id)?.call
  return problem(
    'view-over-files',
    `The view "${view.name}" would read the files of "${sourceName}.${name}", which this engine cannot read by itself.`,
    {
      place: view.configPlaces.get('materialized') ?? call?.place ?? view.place,
      related: [{ message: `is where "${sourceName}.${name}" is defined`, place }],
      hint: 'set "materialized" to table, incremental or ephemeral: files are loaded for the length of a run',
    },
  )
}
