/** A stretch of SQL: only as much of the language as it takes not to be fooled by strings and comments. */
export interface SqlToken {
  readonly kind: 'space' | 'comment' | 'string' | 'name' | 'word' | 'symbol'
  readonly start: number
  readonly end: number
}

/** Sticky, in order of trying. What is never closed reaches to the end of the text. */
const PATTERNS: readonly (readonly [SqlToken['kind'], RegExp])[] = [
  ['space', /\s+/y],
  ['comment', /--[^\n]*/y],
  ['string', /[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/y],
  ['string', /'(?:[^']|'')*(?:'|$)/y],
  ['string', /\$([\p{L}_][\p{L}\p{N}_]*)?\$[\s\S]*?(?:\$\1\$|$)/uy],
  ['name', /"(?:[^"]|"")*(?:"|$)/y],
  ['word', /[\p{L}\p{N}_][\p{L}\p{N}_$]*/uy],
]

/** Splits SQL into tokens that cover it without gaps. Never fails. */
export function* scanSql(sql: string): Generator<SqlToken> {
  let start = 0
  while (start < sql.length) {
    const token = tokenAt(sql, start)
    yield token
    start = token.end
  }
}

/** Whether a text holds nothing but blanks and comments. */
export function isBlankSql(sql: string): boolean {
  for (const token of scanSql(sql)) if (token.kind !== 'space' && token.kind !== 'comment') return false
  return true
}

function tokenAt(sql: string, start: number): SqlToken {
  if (sql.startsWith('/*', start)) return { kind: 'comment', start, end: blockCommentEnd(sql, start) }
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = start
    if (pattern.test(sql)) return { kind, start, end: pattern.lastIndex }
  }
  return { kind: 'symbol', start, end: start + 1 }
}

/** Block comments nest, as the SQL standard has it. */
function blockCommentEnd(sql: string, start: number): number {
  const pattern = /\/\*|\*\//g
  pattern.lastIndex = start
  let depth = 0
  for (let match = pattern.exec(sql); match; match = pattern.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return pattern.lastIndex
  }
  return sql.length
}

/** Where further common table expressions go into a query. */
export interface WithPlace {
  readonly offset: number
  /** Whether the query has a `with` of its own, so that its first expression follows. */
  readonly hasWith: boolean
}

/**
 * After `with` or `with recursive` where the query starts with it, before the token that follows; otherwise before the first
 * token, comments included. The same places as dbt's, but a later `with` (`unnest(…) with ordinality`) is left alone.
 */
export function findWithPlace(sql: string): WithPlace {
  let first: number | undefined
  let hasWith = false
  for (const token of scanSql(sql)) {
    if (token.kind === 'space') continue
    first ??= token.start
    if (hasWith) {
      if (isWord(sql, token, 'recursive')) continue
      return { offset: token.start, hasWith }
    }
    if (token.kind === 'comment') continue
    if (!isWord(sql, token, 'with')) return { offset: first, hasWith }
    hasWith = true
  }
  return { offset: hasWith ? sql.length : (first ?? sql.length), hasWith }
}

/** Whether a query orders its rows itself: an `order by` outside all brackets. */
export function isOrdered(sql: string): boolean {
  let depth = 0
  let afterOrder = false
  for (const token of scanSql(sql)) {
    if (token.kind === 'space' || token.kind === 'comment') continue
    const text = sql.slice(token.start, token.end)
    if (token.kind === 'symbol') depth += '([{'.includes(text) ? 1 : ')]}'.includes(text) ? -1 : 0
    if (afterOrder && depth === 0 && isWord(sql, token, 'by')) return true
    afterOrder = depth === 0 && isWord(sql, token, 'order')
  }
  return false
}

function isWord(sql: string, token: SqlToken, word: string): boolean {
  return token.kind === 'word' && sql.slice(token.start, token.end).toLowerCase() === word
}
