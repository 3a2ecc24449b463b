import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { Span } from '../../text/source-file.ts'
import type { ParsedProject } from '../parse/parsed.ts'

/**
 * Names that a ref, a source call or a macro call would find twice. Models, seeds and snapshots share one set of names.
 * Disabled nodes may share a name with others, as in dbt.
 */
export function checkUniqueNames({ nodes, sources, exposures, macros }: ParsedProject): readonly Diagnostic[] {
  const enabled = nodes.filter(({ config }) => config.enabled)
  const buildable = enabled.filter(({ kind }) => kind !== 'test')
  const tests = enabled.filter(({ kind }) => kind === 'test')
  return [
    ...duplicates(
      buildable,
      ({ name }) => name,
      ({ kind, name }) => `${kind} named "${name}"`,
      'name-duplicate',
    ),
    ...duplicates(
      tests,
      ({ id }) => id,
      ({ name }) => `data test named "${name}"`,
      'test-duplicate',
    ),
    ...duplicates(
      sources.filter(({ config }) => config.enabled),
      ({ id }) => id,
      ({ sourceName, name }) => `source "${sourceName}.${name}"`,
      'source-duplicate',
    ),
    ...duplicates(
      exposures,
      ({ id }) => id,
      ({ name }) => `exposure named "${name}"`,
      'name-duplicate',
    ),
    ...duplicates(
      macros,
      ({ id }) => id,
      ({ name }) => `macro named "${name}"`,
      'macro-duplicate',
    ),
  ]
}

function duplicates<Item extends { readonly place: Span }>(
  items: readonly Item[],
  key: (item: Item) => string,
  what: (item: Item) => string,
  code: string,
): readonly Diagnostic[] {
  const first = new Map<string, Item>()
  const found: Diagnostic[] = []
  for (const item of items) {
    const before = first.get(key(item))
    if (before) found.push(duplicate(code, what(before), what(item), before.place, item.place))
    else first.set(key(item), item)
  }
  return found
}

function duplicate(code: string, before: string, what: string, first: Span, second: Span): Diagnostic {
  const message = before === what ? `There is another ${what}.` : `There is a ${what}, and also a ${before}.`
  return problem(code, message, {
    place: second,
    related: [{ message: 'is the first', place: first }],
    hint: code === 'test-duplicate' ? 'remove one, or give it a "name" of its own' : 'rename one of them',
  })
}
