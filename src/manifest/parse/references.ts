import type { NodeConfig } from '../../config/node-config.ts'
import { writtenText } from '../../config/written-text.ts'
import { type ParseCapture, type ParseSubject, renderForParse, withTemplateText } from '../../context/index.ts'
import { collecting } from '../../diagnostics/errors.ts'
import type { TemplateTree } from '../../template/index.ts'
import type { SourceFile, Span } from '../../text/source-file.ts'
import { foreignKeyTemplate } from '../foreign-key.ts'
import type { Constraint, NamedReferences, RefCall, SourceCall } from '../nodes.ts'
import type { ParseContext } from './parse-context.ts'

/** Where a node may name others. */
export interface Referring {
  readonly body: NamedReferences | undefined
  readonly config: NodeConfig
  readonly places: ReadonlyMap<string, Span>
  /** The constraints that a contract puts on it. */
  readonly constraints?: readonly Constraint[]
}

/**
 * What a node reaches through its body, then through the templates in its config (hooks and `per_value`), then through the
 * foreign keys of its contract.
 */
export function allReferences(context: ParseContext, subject: ParseSubject, referring: Referring): NamedReferences {
  const { body, config, places, constraints = [] } = referring
  const captures: NamedReferences[] = body ? [body] : []
  const texts = [
    ...configTemplates(config).map(({ key, text }) => ({ text, place: places.get(key) ?? startOf(subject.file) })),
    ...(config.contract.enforced ? constraints.flatMap(parentTemplate) : []),
  ]
  for (const { text, place } of texts) {
    const capture = captureText(context, { ...subject, config }, text, place)
    if (capture) captures.push(capture)
  }
  return merged(captures)
}

function startOf(file: SourceFile): Span {
  return { file, start: 0, end: 0 }
}

function parentTemplate(constraint: Constraint): readonly { readonly text: string; readonly place: Span }[] {
  const text = foreignKeyTemplate(constraint)
  return text === undefined ? [] : [{ text, place: constraint.place }]
}

/** Renders a template that stands in a setting, and tells what it reached; at `place` where no exact place is known. */
export function captureText(
  context: ParseContext,
  subject: ParseSubject,
  text: string,
  place: Span,
): ParseCapture | undefined {
  return collecting(context.problems, () =>
    withTemplateText(text, writtenText(text, place) ?? place, (tree) =>
      locatedIn(tree, place, renderForParse(context.project, subject, tree)),
    ),
  )
}

/** The same references, with `place` for those in a text that nobody wrote. */
export function locatedIn<References extends NamedReferences>(
  tree: TemplateTree,
  place: Span,
  references: References,
): References {
  if (tree.file === place.file) return references
  const located = <Call extends RefCall | SourceCall>(call: Call): Call =>
    call.place?.file === tree.file ? { ...call, place } : call
  return { ...references, refs: references.refs.map(located), sources: references.sources.map(located) }
}

function configTemplates(config: NodeConfig): readonly { readonly key: string; readonly text: string }[] {
  const hooks = (key: 'pre_hook' | 'post_hook') => config[key].map(({ sql }) => ({ key, text: sql }))
  const query = config.per_value ? [{ key: 'per_value', text: config.per_value.query }] : []
  return [...hooks('pre_hook'), ...hooks('post_hook'), ...query].filter(({ text }) => text.includes('{'))
}

function merged(all: readonly NamedReferences[]): NamedReferences {
  const [only] = all
  if (all.length === 1 && only) return { refs: only.refs, sources: only.sources, macros: only.macros }
  return {
    refs: all.flatMap(({ refs }) => refs),
    sources: all.flatMap(({ sources }) => sources),
    macros: [...new Set(all.flatMap(({ macros }) => macros))],
  }
}
