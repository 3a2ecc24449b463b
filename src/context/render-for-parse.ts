import type { Macro, RefCall, SourceCall } from '../manifest/nodes.ts'
import { renderSync, type Scope, type TemplateTree } from '../template/index.ts'
import { type Span, span } from '../text/source-file.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { JsonObject } from '../util/json.ts'
import { genericTestTree, renderTestArguments, TEST_ARGUMENTS } from './generic-test.ts'
import { makeScope } from './make-scope.ts'
import { ConfigObject } from './names/config.ts'
import { parseNames } from './names/parse.ts'
import { UnknownValue } from './objects/unknown-value.ts'
import type { CapturedConfig, ParseCapture, ParseSubject } from './parse-subject.ts'
import type { ProjectContext } from './project-context.ts'
import { atUsersPlace, relocating } from './written-text.ts'

/**
 * Renders a template as parsing does: `execute` is false, no database is asked, `ref` and `source` give the node's own
 * relation and are taken down. Throws UserError.
 */
export function renderForParse(project: ProjectContext, subject: ParseSubject, tree: TemplateTree): ParseCapture {
  return capture(project, subject, (scope) => renderSync(tree, scope()).text)
}

/**
 * The same for a generic test: its arguments are rendered and its macro is called. `kwargs` are those of the properties file,
 * with `model` as dbt writes it: `{{ get_where_subquery(ref('orders')) }}`. Throws UserError, located at `place`.
 */
export function captureGenericTest(
  project: ProjectContext,
  subject: ParseSubject,
  macro: Macro,
  kwargs: JsonObject,
  place: Span = span(subject.file, 0),
): ParseCapture {
  const tree = genericTestTree(macro)
  return capture(project, subject, (scope) => {
    const values = renderTestArguments(kwargs, scope(), place)
    return relocating(tree.file, place, () => renderSync(tree, scope({ [TEST_ARGUMENTS]: values })).text)
  })
}

/** Gives `render` scopes over one set of notes, and the notes. */
function capture(
  project: ProjectContext,
  subject: ParseSubject,
  render: (scope: (extra?: Readonly<Record<string, unknown>>) => Scope) => string,
): ParseCapture {
  const refs: RefCall[] = []
  const sources: SourceCall[] = []
  const config: CapturedConfig[] = []
  const macros = new Set<UniqueId>()
  const configObject = new ConfigObject(subject.config, subject.name, (entry) => config.push(entry))
  const scope = (extra?: Readonly<Record<string, unknown>>) =>
    makeScope({
      project,
      packageName: subject.package,
      mode: 'sync',
      execute: false,
      extra,
      onMacro: (id) => macros.add(id),
      names: (found) => [
        {
          config: () => configObject,
          value: () => (configObject.has('per_value') ? new UnknownValue() : undefined),
        },
        ...parseNames(project, subject, found, {
          ref: (ref) => refs.push(ref),
          source: (source) => sources.push(source),
        }),
      ],
    })
  try {
    const rendered = render(scope)
    return { refs, sources, macros: [...macros], config, rendered }
  } catch (error) {
    throw atUsersPlace(error)
  }
}
