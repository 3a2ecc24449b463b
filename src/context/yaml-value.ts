import { renderNative, toPlain } from '../template/index.ts'
import type { Span } from '../text/source-file.ts'
import { makeScope } from './make-scope.ts'
import type { ProjectContext } from './project-context.ts'
import { withTemplateText } from './written-text.ts'

/**
 * Renders a string of a YAML file natively: a template that is one expression gives its value, everything else text.
 * Knows `var`, `env_var`, `target`, macros and what `extraNames` adds. Plain data comes back. Throws UserError located at `place`.
 */
export function renderYamlValue(
  project: ProjectContext,
  text: string,
  place: Span,
  extraNames: Readonly<Record<string, unknown>> = {},
): unknown {
  if (!/\{[{%#]/.test(text)) return text
  const scope = makeScope({
    project,
    packageName: project.macros.rootPackage,
    mode: 'sync',
    execute: false,
    extra: extraNames,
    names: () => [],
  })
  return withTemplateText(text, place, (tree) => toPlain(renderNative(tree, scope)))
}
