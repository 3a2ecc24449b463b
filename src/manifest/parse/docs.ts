import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { collecting, problem } from '../../diagnostics/errors.ts'
import { splitBlocks } from '../../template/index.ts'
import { describePlace, type SourceFile, type Span } from '../../text/source-file.ts'

/** The text of every `{% docs name %}` block, by name. */
export function parseDocs(files: readonly SourceFile[], problems: Diagnostic[]): ReadonlyMap<string, string> {
  const places = new Map<string, Span>()
  const texts = new Map<string, string>()
  for (const file of files) {
    for (const block of collecting(problems, () => splitBlocks(file, ['docs'])) ?? []) {
      const first = places.get(block.name)
      if (first) problems.push(docTwice(block.name, first, block.nameSpan))
      places.set(block.name, block.nameSpan)
      texts.set(block.name, file.text.slice(block.content.start, block.content.end).trim())
    }
  }
  return texts
}

function docTwice(name: string, first: Span, second: Span): Diagnostic {
  return problem('doc-duplicate', `There are two docs blocks named "${name}".`, {
    place: second,
    related: [{ message: `the first is at ${describePlace(first)}`, place: first }],
  })
}
