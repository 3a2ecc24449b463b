import type { Macro } from '../manifest/nodes.ts'
import { Dict, parseTemplate, renderNative, type Scope, type TemplateTree, toTemplateValue } from '../template/index.ts'
import type { Span } from '../text/source-file.ts'
import type { Json, JsonObject } from '../util/json.ts'
import { relocating } from './written-text.ts'

/** The name under which the call of a generic test finds its arguments; dbt's. */
export const TEST_ARGUMENTS = '_dbt_generic_test_kwargs'

/** Strings of properties files that are calls without braces: `ref('orders')`. */
const LOOKS_LIKE_CALL = /^\s*(?:env_var|ref|var|source|doc)\s*\(.+\)\s*$/

/** The template that calls a generic test's macro with `TEST_ARGUMENTS`. Nobody wrote it: its places are to be moved. */
export function genericTestTree(macro: Macro): TemplateTree {
  const text = `{{ ${macro.package}.${macro.name}(**${TEST_ARGUMENTS}) }}`
  return parseTemplate({ path: `lavra/${macro.name}.sql`, text })
}

/**
 * The arguments of a generic test as its macro gets them: strings that are templates or calls are rendered to their values,
 * but for `column_name`. Errors are located at `place`.
 */
export function renderTestArguments(kwargs: JsonObject, scope: Scope, place: Span): Dict {
  const entries = Object.entries(kwargs).map(([name, value]) => {
    return [name, name === 'column_name' ? toTemplateValue(value) : renderArgument(value, scope, place)] as const
  })
  return new Dict(entries)
}

function renderArgument(value: Json, scope: Scope, place: Span): unknown {
  if (typeof value === 'string') return renderText(value, scope, place)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Json) => renderArgument(item, scope, place))
  return new Dict(Object.entries(value).map(([key, item]) => [key, renderArgument(item, scope, place)]))
}

function renderText(written: string, scope: Scope, place: Span): unknown {
  const text = LOOKS_LIKE_CALL.test(written) ? `{{ ${written} }}` : written
  if (!/\{[{%#]/.test(text)) return text
  const file = { path: place.file.path, text }
  return relocating(file, place, () => renderNative(parseTemplate(file), scope))
}
