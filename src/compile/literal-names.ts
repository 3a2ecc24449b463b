import type { Rendered } from '../template/index.ts'
import { joinRendered, type Piece } from './join-rendered.ts'
import { toPublishedSql } from './published-sql.ts'
import { type SqlToken, scanSql } from './sql-scan.ts'

/** Functions whose text is the name of a relation, or a query: they read what it names. */
const READERS = new Set(['query', 'query_table', 'to_regclass'])

/**
 * Names of candidates inside string literals become published ones: a relation that is printed between quotes is data (a column
 * that tells where rows came from), and data outlives the run. Literals that the engine takes for names stay.
 */
export function publishLiterals(query: Rendered, physicalNames: ReadonlyMap<string, string>): Rendered {
  if (physicalNames.size === 0) return query
  const pieces: Piece[] = []
  let end = 0
  for (const token of literalsOfData(query.text)) {
    const written = query.text.slice(token.start, token.end)
    const text = toPublishedSql(written, physicalNames)
    if (text === written) continue
    pieces.push({ rendered: query, start: end, end: token.start })
    pieces.push({ rendered: { text, map: { locate: () => query.map.locate(token.start) } } })
    end = token.end
  }
  return pieces.length === 0 ? query : joinRendered([...pieces, { rendered: query, start: end }])
}

function* literalsOfData(sql: string): Generator<SqlToken> {
  const tokens = [...scanSql(sql)].filter((token) => token.kind !== 'space' && token.kind !== 'comment')
  const textAt = (index: number) => {
    const token = tokens[index]
    return token ? sql.slice(token.start, token.end).toLowerCase() : ''
  }
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'string') continue
    const isArgumentOfReader = textAt(index - 1) === '(' && READERS.has(textAt(index - 2))
    const isCastToName = textAt(index + 1) === ':' && textAt(index + 2) === ':' && textAt(index + 3) === 'regclass'
    if (!isArgumentOfReader && !isCastToName) yield token
  }
}
