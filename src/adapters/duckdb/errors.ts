import { isJsonObject, type JsonObject } from '../../util/json.ts'
import { DatabaseError } from '../adapter.ts'

const CODES: Readonly<Record<string, string>> = {
  Parser: 'syntax',
  Syntax: 'syntax',
  Binder: 'binder',
  Catalog: 'catalog',
  Conversion: 'conversion',
  'Out of Range': 'conversion',
  'Mismatch Type': 'conversion',
  Constraint: 'constraint',
  INTERRUPT: 'interrupted',
  IO: 'io',
  'Out of Memory': 'out-of-memory',
  Connection: 'connection',
}

/** Titles that DuckDB's own words would give badly. */
const TITLES: Readonly<Record<string, string>> = {
  INTERRUPT: 'Interrupted',
  TransactionContext: 'Transaction Error',
}

/**
 * What DuckDB said no with, as a `DatabaseError`. Expects connections with `errors_as_json = true`, and makes do
 * without. `prefixLength` is how many characters we put before the caller's statement: positions count from the
 * caller's text.
 */
export function databaseError(cause: unknown, sql: string, prefixLength = 0): DatabaseError {
  const raw = cause instanceof Error ? cause.message : String(cause)
  const details = jsonDetails(raw) ?? plainDetails(raw)
  const type = String(details.exception_type ?? '')
  const message = withoutEcho(String(details.exception_message ?? raw))
  return new DatabaseError({
    message,
    code: codeOf(type, message),
    title: TITLES[type] ?? (type === '' ? 'Error' : `${type} Error`),
    position: positionOf(details, sql, prefixLength),
    unknownName: typeof details.name === 'string' ? details.name : undefined,
    candidates: candidatesOf(details.candidates),
    cause,
  })
}

/** A commit fails under a title of its own, whatever the reason. */
function codeOf(type: string, message: string): string {
  if (message.includes('No space left on device')) return 'disk-full'
  if (message.startsWith('Failed to commit') && message.includes('constraint violation')) return 'constraint'
  return CODES[type] ?? 'other'
}

/** The UTF-16 offset of an offset in bytes of UTF-8. */
export function offsetOfByte(text: string, bytes: number): number {
  return Buffer.from(text).subarray(0, bytes).toString().length
}

/** The UTF-16 offset of an offset in characters, each of which may be two units. */
export function offsetOfCharacter(text: string, characters: number): number {
  let offset = 0
  for (let left = characters; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  }
  return offset
}

/** Parser errors carry their title before the JSON, the others are nothing but JSON. */
function jsonDetails(raw: string): JsonObject | undefined {
  const start = raw.indexOf('{"exception_type"')
  if (start < 0) return undefined
  try {
    const details: unknown = JSON.parse(raw.slice(start))
    return isJsonObject(details) ? details : undefined
  } catch {
    // Not JSON after all: the message is shown as it came.
    return undefined
  }
}

function plainDetails(raw: string): JsonObject {
  const match = /^([A-Z][\w ]*?) Error: ([\s\S]*)$/.exec(raw)
  return match ? { exception_type: match[1]!, exception_message: match[2]! } : { exception_message: raw }
}

/** Without the `LINE 1: …^` that repeats the statement. */
function withoutEcho(message: string): string {
  return message.replace(/\n+LINE \d+: [\s\S]*$/, '').trimEnd()
}

/** DuckDB's grammar counts characters, everything behind it bytes. */
function positionOf(details: JsonObject, sql: string, prefixLength: number): number | undefined {
  const count = Number(details.position ?? Number.NaN)
  if (!Number.isInteger(count)) return undefined
  const toOffset = details.error_subtype === 'SYNTAX_ERROR' ? offsetOfCharacter : offsetOfByte
  const offset = toOffset(sql, count) - prefixLength
  return offset >= 0 ? offset : undefined
}

function candidatesOf(candidates: unknown): readonly string[] {
  if (typeof candidates !== 'string' || candidates === '') return []
  return candidates.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
}
