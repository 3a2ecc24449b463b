import { isHookKey } from '../../config/config-keys.ts'
import { entriesOf, itemsOf, type LocatedValue, withValue } from '../../config/located-value.ts'
import type { ProjectFile } from '../../config/project-file.ts'
import { writtenText } from '../../config/written-text.ts'
import { type ProjectContext, renderYamlValue } from '../../context/index.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { collecting, problem } from '../../diagnostics/errors.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { hostFunction, str } from '../../template/index.ts'
import type { Span } from '../../text/source-file.ts'
import type { Json } from '../../util/json.ts'

/** What every parser needs: the project, its settings, the docs blocks, and where problems go. */
export interface ParseContext {
  readonly project: ProjectContext
  readonly projectFile: ProjectFile
  readonly docs: ReadonlyMap<string, string>
  /** Every problem of the stage; the stage ends after all of them are found. */
  readonly problems: Diagnostic[]
}

const IS_TEMPLATE = /\{[{%#]/

/**
 * A value of a YAML file with every template in it rendered. Keys for which `isLeftAlone` holds keep their text: they are
 * rendered later, or never. What cannot be rendered is reported and stays as it is.
 */
export function renderValue(
  context: ParseContext,
  at: LocatedValue,
  isLeftAlone: (key: string) => boolean = isHookKey,
): LocatedValue {
  const rendered = renderJson(context, at, isLeftAlone)
  return rendered === at.value ? at : withValue(at, rendered)
}

/** Gives the very same value where nothing in it is a template, which is nearly always. */
function renderJson(context: ParseContext, at: LocatedValue, isLeftAlone: (key: string) => boolean): Json {
  const { value } = at
  if (typeof value === 'string') return IS_TEMPLATE.test(value) ? renderTextValue(context, at, value) : value
  if (typeof value !== 'object' || value === null || !holdsTemplate(value)) return value
  if (Array.isArray(value)) return itemsOf(at).map((item) => renderJson(context, item, isLeftAlone))
  return Object.fromEntries(
    entriesOf(at).map(([key, child]) => [
      key,
      isLeftAlone(key) ? child.value : renderJson(context, child, isLeftAlone),
    ]),
  )
}

function holdsTemplate(value: Json): boolean {
  if (typeof value === 'string') return IS_TEMPLATE.test(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsTemplate)
}

function renderTextValue(context: ParseContext, at: LocatedValue, text: string): Json {
  // A rendered value is plain data; see renderYamlValue.
  return (collecting(context.problems, () => renderYamlValue(context.project, text, textPlace(text, at))) ??
    null) as Json
}

/** A description with its docs blocks put in. `doc('shop', 'orders')` and `doc('orders')` mean the same in one project. */
export function renderDescription(context: ParseContext, at: LocatedValue | undefined): string {
  if (at === undefined) return ''
  const text = String(at.value)
  if (!IS_TEMPLATE.test(text)) return text
  const doc = hostFunction('doc', (args, _, call) => {
    const name = str(args.at(-1))
    const block = context.docs.get(name)
    if (block !== undefined) return block
    context.problems.push(
      docNotFound(name, context.docs.keys(), call.place.file === at.place.file ? call.place : at.place),
    )
    return ''
  })
  const rendered = collecting(context.problems, () =>
    renderYamlValue(context.project, text, textPlace(text, at), { doc }),
  )
  return rendered === undefined || rendered === null ? '' : String(rendered)
}

function docNotFound(name: string, names: Iterable<string>, place: Span): Diagnostic {
  const hint = didYouMean(name, names) ?? `write the block {% docs ${name} %} … {% enddocs %} in a .md file`
  return problem('doc-not-found', `There is no docs block "${name}".`, { place, hint })
}

/** The place of a text without its quotes, so that the places in it are exact; that of the value where YAML changed it. */
function textPlace(text: string, at: LocatedValue): Span {
  return writtenText(text, at.place) ?? at.place
}
