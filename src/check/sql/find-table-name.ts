import { scanSql } from '../../compile/sql-scan.ts'
import type { CommonTable } from './tree.ts'

/** Where the name of a common table expression stands; the parser does not say it. */
export function findTableName(sql: string, { name, inside }: CommonTable): number | undefined {
  const before = inside()
  let found: number | undefined
  for (const { kind, start, end } of scanSql(sql)) {
    if (before !== undefined && start >= before) break
    if (kind !== 'name' && kind !== 'word') continue
    if (unquoted(sql.slice(start, end)).toLowerCase() !== name.toLowerCase()) continue
    if (DEFINES.test(sql.slice(end, end + 400))) found = start
  }
  return found
}

/** What follows the name: its columns, `as`, and whether it is materialized. */
const DEFINES = /^\s*(?:\([^()]*\)\s*)?as\s+(?:(?:not\s+)?materialized\s*)?\(|^\s*(?:\([^()]*\)\s*)?as\(/i

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text
}
