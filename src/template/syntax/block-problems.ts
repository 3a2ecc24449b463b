import { didYouMean } from '../../diagnostics/suggest.ts'
import { TemplateSyntaxError } from '../errors.ts'
import type { NodeRange } from './nodes.ts'
import type { Token } from './tokens.ts'

const TAGS: readonly string[] = [
  'if',
  'for',
  'set',
  'macro',
  'call',
  'filter',
  'with',
  'do',
  'print',
  'break',
  'continue',
  'raw',
  'test',
  'data_test',
  'snapshot',
  'docs',
  'materialization',
]
const CLOSING_TAGS: ReadonlySet<string> = new Set(['elif', 'else', ...TAGS.map((tag) => `end${tag}`)])
const OTHER_TEMPLATES: ReadonlySet<string> = new Set(['include', 'import', 'from', 'extends', 'block'])

/** A tag that waits for its end. */
export interface OpenBlock extends NodeRange {
  readonly name: string
  /** What may come next: `elif`, `else`, `endif`. */
  readonly awaits: readonly string[]
}

/** A tag that nobody knows, or that closes what is not open. */
export function strayTag(name: Token, open: OpenBlock | undefined): TemplateSyntaxError {
  const jinja = `Encountered unknown tag '${name.value}'.${jinjaAwaits(open)}`
  if (OTHER_TEMPLATES.has(name.value)) {
    return new TemplateSyntaxError(`"${name.value}" is not available: a template cannot use other files.`, name, {
      hint: 'share SQL with a macro in the macros folder',
      jinja,
    })
  }
  if (!CLOSING_TAGS.has(name.value)) {
    const candidates = [...TAGS, ...(open?.awaits ?? [])]
    const hint = didYouMean(name.value, candidates)
    return new TemplateSyntaxError(`There is no tag named "${name.value}".`, name, { hint, jinja })
  }
  if (!open) return new TemplateSyntaxError(`"${name.value}" closes nothing: no block is open here.`, name, { jinja })
  return new TemplateSyntaxError(
    `"${name.value}" does not fit here: the "${open.name}" before it is still open.`,
    name,
    { hint: `close it with "{% end${open.name} %}" first`, opening: open, jinja },
  )
}

/** The text ends inside a block. */
export function neverClosed(block: OpenBlock): TemplateSyntaxError {
  const closing = `end${block.name}`
  return new TemplateSyntaxError(
    `"${block.name}" is never closed: the file ends while looking for "${closing}".`,
    block,
    { hint: `add "{% ${closing} %}" where the block ends`, jinja: `Unexpected end of template.${jinjaAwaits(block)}` },
  )
}

/** How Jinja says what is still open. */
function jinjaAwaits(block: OpenBlock | undefined): string {
  if (!block) return ''
  const tags = block.awaits.map((tag) => `'${tag}'`).join(' or ')
  return ` Jinja was looking for the following tags: ${tags}. The innermost block that needs to be closed is '${block.name}'.`
}
