const ESCAPE = /\\(?:([\\'"abfnrtv])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(\n)|([xuUN]))/g

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
])

/** Python's word for an escape that lacks digits. */
const MALFORMED: ReadonlyMap<string, string> = new Map([
  ['x', 'truncated \\xXX escape'],
  ['u', 'truncated \\uXXXX escape'],
  ['U', 'truncated \\UXXXXXXXX escape'],
  ['N', 'malformed \\N character escape'],
])

/**
 * The value of what stands between the quotes of a string, by Python's rules: an unknown escape such as `\d` keeps its
 * backslash. Where an escape is malformed (`\x4`), Python's message for that.
 */
export function stringValue(raw: string): { readonly value: string } | { readonly malformed: string } {
  const text = normalizeNewlines(raw)
  if (!text.includes('\\')) return { value: text }
  let problem: string | undefined
  const value = text.replace(ESCAPE, (whole, simple, hex, short, long, octal, newline, malformed) => {
    if (simple !== undefined) return SIMPLE_ESCAPES.get(simple) ?? whole
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    if (newline !== undefined) return ''
    const code = Number.parseInt(hex ?? short ?? long ?? '', 16)
    if (malformed !== undefined || code > 0x10ffff) {
      problem ??= MALFORMED.get(malformed) ?? 'illegal Unicode character'
      return ''
    }
    return String.fromCodePoint(code)
  })
  return problem === undefined ? { value } : { malformed: problem }
}

/** Jinja knows one newline: `\r\n` and a lone `\r` become `\n`. */
export function normalizeNewlines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}
