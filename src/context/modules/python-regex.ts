/** The flags of Python's `re` that templates use. */
export const REGEX_FLAGS = { IGNORECASE: 2, MULTILINE: 8, DOTALL: 16, VERBOSE: 64, ASCII: 256 } as const

/**
 * A pattern of Python's `re` as a JavaScript one: named groups, inline flags, `\A`, `\Z` and verbose mode are rewritten, the
 * rest of the two languages agrees. Throws SyntaxError for a pattern that is none.
 */
export function pythonRegex(pattern: string, flags: number): RegExp {
  let all = flags
  let source = pattern.replace(/^\(\?([aimsux]+)\)/, (_, letters: string) => {
    for (const letter of letters) all |= INLINE_FLAGS[letter] ?? 0
    return ''
  })
  if (all & REGEX_FLAGS.VERBOSE) source = withoutLayout(source)
  return new RegExp(
    rewriteEscapes(source),
    `gu${FLAG_LETTERS.filter(([flag]) => all & flag)
      .map(([, letter]) => letter)
      .join('')}`,
  )
}

const INLINE_FLAGS: Readonly<Record<string, number>> = { i: 2, m: 8, s: 16, x: 64 }
const FLAG_LETTERS: readonly (readonly [number, string])[] = [
  [REGEX_FLAGS.IGNORECASE, 'i'],
  [REGEX_FLAGS.MULTILINE, 'm'],
  [REGEX_FLAGS.DOTALL, 's'],
]

/** Characters that JavaScript lets stand escaped in unicode mode. */
const ESCAPABLE = /[\^$\\.*+?()[\]{}|/\-dDwWsSbBtnrfv0-9kpPux]/

function rewriteEscapes(source: string): string {
  let inClass = false
  return source.replace(
    /\\(.)|\(\?P(<|=)(\w+)([>)])|[[\]]|[{}]/gsu,
    (part, escaped?: string, kind?: string, name?: string, _end?: string, offset?: number) => {
      if (escaped !== undefined) return rewriteEscape(escaped, inClass)
      if (kind === '<') return `(?<${name}>`
      if (kind === '=') return `\\k<${name}>`
      if (part === '[') {
        if (inClass) return '\\['
        inClass = true
        return part
      }
      if (part === ']') {
        inClass = false
        return part
      }
      return inClass || isQuantifierBrace(source, offset ?? 0) ? (inClass ? `\\${part}` : part) : `\\${part}`
    },
  )
}

function rewriteEscape(escaped: string, inClass: boolean): string {
  if (escaped === 'A') return '(?<![\\s\\S])'
  if (escaped === 'Z') return '(?![\\s\\S])'
  if (escaped === '-' && !inClass) return '-'
  return ESCAPABLE.test(escaped) ? `\\${escaped}` : escaped
}

function isQuantifierBrace(source: string, offset: number): boolean {
  if (source[offset] === '{') return /^\{\d*(?:,\d*)?\}/.test(source.slice(offset)) && source[offset + 1] !== '}'
  return /\{\d*(?:,\d*)?$/.test(source.slice(0, offset))
}

function withoutLayout(source: string): string {
  return source.replace(/(\\.|\[(?:\\.|[^\]\\])*\])|\s+|#[^\n]*/gs, (_, kept: string | undefined) => kept ?? '')
}

/** A replacement of `re.sub` for one match: `\1`, `\g<name>` and the escapes. */
export function expandTemplate(template: string, match: RegExpExecArray): string {
  return template.replace(/\\(?:g<(\w+)>|(\d{1,2})|(.))/gs, (_, name?: string, number?: string, character?: string) => {
    const group = name ?? number
    if (group !== undefined) return groupOf(match, /^\d+$/.test(group) ? Number(group) : group) ?? ''
    return CHARACTER_ESCAPES[character!] ?? (character === '\\' ? '\\' : `\\${character}`)
  })
}

const CHARACTER_ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

/** A group by number or name; undefined where it took no part in the match. */
export function groupOf(match: RegExpExecArray, group: number | string): string | undefined {
  return typeof group === 'number' ? match[group] : match.groups?.[group]
}
