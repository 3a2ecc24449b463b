export type SqlTokenKind = 'keyword' | 'string' | 'number' | 'comment' | 'template' | 'name' | 'plain'

export interface SqlToken {
  readonly kind: SqlTokenKind
  readonly text: string
}

/** In this order: a comment may hold quotes, and a template anything. */
const PATTERN = new RegExp(
  [
    '(?<template>\\{#[^]*?(?:#\\}|$)|\\{%[^]*?(?:%\\}|$)|\\{\\{[^]*?(?:\\}\\}|$))',
    '(?<comment>--[^\\n]*|/\\*[^]*?(?:\\*/|$))',
    "(?<string>'(?:[^']|'')*(?:'|$)|\\$(?<tag>\\w*)\\$[^]*?(?:\\$\\k<tag>\\$|$))",
    '(?<name>"(?:[^"]|"")*(?:"|$))',
    '(?<number>\\b\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?\\b)',
    '(?<word>[\\p{L}_][\\p{L}\\p{N}_$]*)',
  ].join('|'),
  'giu',
)

const KEYWORDS = new Set(
  `all and any array as asc between by case cast collate create cross current date delete desc distinct else end escape except exclude
exists extract false filter following for from full group having if ilike in inner insert intersect interval into is join lateral left
like limit materialized merge natural not null nulls offset on or order outer over partition pivot preceding qualify range
recursive replace returning right row rows select set similar table then timestamp to true unbounded union unique unnest unpivot
update using values view when where window with within without`.split(/\s+/),
)

/** The pieces of a text of SQL with templates, in their order; together they are the text. Never fails. */
export function sqlTokens(text: string): readonly SqlToken[] {
  const tokens: SqlToken[] = []
  let end = 0
  for (const match of text.matchAll(PATTERN)) {
    if (match.index > end) tokens.push({ kind: 'plain', text: text.slice(end, match.index) })
    tokens.push({ kind: kindOf(match.groups ?? {}), text: match[0] })
    end = match.index + match[0].length
  }
  if (end < text.length) tokens.push({ kind: 'plain', text: text.slice(end) })
  return tokens
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): SqlTokenKind {
  if (groups.template !== undefined) return groups.template.startsWith('{#') ? 'comment' : 'template'
  if (groups.comment !== undefined) return 'comment'
  if (groups.string !== undefined) return 'string'
  if (groups.name !== undefined) return 'name'
  if (groups.number !== undefined) return 'number'
  return KEYWORDS.has(groups.word?.toLowerCase() ?? '') ? 'keyword' : 'plain'
}
