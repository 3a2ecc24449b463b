import type { DatabaseError as DriverError } from 'pg'
import { DatabaseError } from '../adapter.ts'
import { type Grantee, grantFor } from './missing-right.ts'

/** What Postgres' codes mean to a run, by code and then by class: the first two characters. */
const CODES: Readonly<Record<string, string>> = {
  '42601': 'syntax',
  '42P01': 'catalog',
  '3F000': 'catalog',
  '42883': 'catalog',
  '42704': 'catalog',
  '42703': 'binder',
  '42702': 'binder',
  '42804': 'binder',
  '42803': 'binder',
  '42501': 'permission',
  '55P03': 'locked',
  '40P01': 'locked',
  '53100': 'disk-full',
  '53200': 'out-of-memory',
  '57P01': 'connection',
  '57P02': 'connection',
  '57P03': 'connection',
}
const CLASSES: Readonly<Record<string, string>> = { '08': 'connection', '22': 'conversion', '23': 'constraint' }

/** Titles for what people meet; the others are named by their code. */
const TITLES: Readonly<Record<string, string>> = {
  syntax: 'Syntax Error',
  catalog: 'Catalog Error',
  binder: 'Binder Error',
  permission: 'Permission Error',
  timeout: 'Timeout',
  locked: 'Lock Error',
  conversion: 'Conversion Error',
  constraint: 'Constraint Error',
  connection: 'Connection Error',
  'disk-full': 'Disk Full',
  'out-of-memory': 'Out of Memory',
}

const CONNECTION_HINT = 'run again when the server is there; its log says why it ended the connection'

/** Failures of the network, as Node and the driver name them. */
const CONNECTION_LOST = /^(ECONNRESET|EPIPE|ETIMEDOUT|ECONNREFUSED|ECONNABORTED|EHOSTUNREACH|ENETUNREACH)$/
const DRIVER_LOST = /Connection terminated|not queryable|connection is closed|Client was closed/i

/**
 * What Postgres said no with, as a `DatabaseError`. `sql` is the text that the positions count in; `prefixLength` is how
 * many characters of it we put before the caller's statement. `wasInterrupted` tells a cancelling of ours from a time-out.
 */
export function databaseError(
  cause: unknown,
  sql: string,
  context: { readonly prefixLength?: number; readonly wasInterrupted?: boolean; readonly grantee?: Grantee } = {},
): DatabaseError {
  if (cause instanceof DatabaseError) return cause
  if (!isDriverError(cause)) return connectionError(cause)
  const state = cause.code ?? ''
  const code = state === '57014' ? cancelled(cause, context.wasInterrupted ?? false) : codeOf(state)
  const position = positionOf(cause, sql, context.prefixLength ?? 0)
  return new DatabaseError({
    message: messageOf(cause),
    code,
    title: code === 'interrupted' ? 'Interrupted' : (TITLES[code] ?? `Error ${state}`),
    position,
    unknownName: unknownNameOf(cause, state, sql, (position ?? 0) + (context.prefixLength ?? 0)),
    candidates: candidatesOf(cause.hint),
    hint: hintFor(cause, code, sql, context.grantee),
    cause,
  })
}

function hintFor(cause: DriverError, code: string, sql: string, grantee: Grantee | undefined): string | undefined {
  if (code === 'permission') return grantee && grantFor(cause.message, sql, grantee)
  if (code === 'timeout') return 'raise "statement_timeout" in profiles.yml, or of the role, the database or the server'
  if (code === 'connection') return CONNECTION_HINT
  return advice(cause)
}

/** The server's own code of a refusal: `42P01`. Empty for what is none. */
export function stateOf(cause: unknown): string {
  return isDriverError(cause) ? (cause.code ?? '') : ''
}

function isDriverError(cause: unknown): cause is DriverError {
  return cause instanceof Error && 'severity' in cause && 'code' in cause
}

function connectionError(cause: unknown): DatabaseError {
  const message = cause instanceof Error ? cause.message : String(cause)
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const isLost = CONNECTION_LOST.test(code) || DRIVER_LOST.test(message)
  return new DatabaseError({
    message: isLost ? `the connection to the server was lost (${message})` : message,
    code: isLost ? 'connection' : 'other',
    title: isLost ? TITLES.connection! : 'Error',
    hint: isLost ? CONNECTION_HINT : undefined,
    cause,
  })
}

/** One code for all cancelling: by a time-out, by us or by somebody else. */
function cancelled({ message }: DriverError, wasInterrupted: boolean): string {
  if (wasInterrupted) return 'interrupted'
  return /user request/.test(message) ? 'other' : 'timeout'
}

function codeOf(state: string): string {
  return CODES[state] ?? CLASSES[state.slice(0, 2)] ?? 'other'
}

function messageOf({ message, detail, where }: DriverError): string {
  // The line would be one of those that this session got, which are not the file's.
  const column = /^COPY [^\n]*?, line \d+, (column [^\n]*)/.exec(where ?? '')?.[1]
  const inCopy = column === undefined ? '' : ` (${column})`
  return [`${message}${inCopy}`, ...(detail === undefined ? [] : [detail])].join('\n')
}

/** Postgres counts characters from 1. */
function positionOf({ position }: DriverError, sql: string, prefixLength: number): number | undefined {
  const count = Number(position ?? Number.NaN)
  if (!Number.isInteger(count) || count < 1) return undefined
  const offset = offsetOfCharacter(sql, count - 1) - prefixLength
  return offset >= 0 ? offset : undefined
}

/** The UTF-16 offset of an offset in characters, each of which may be two units. */
function offsetOfCharacter(text: string, characters: number): number {
  let offset = 0
  for (let left = characters; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  }
  return offset
}

/** The name at the error's position, its last part: messages may be in any language, names are not. */
function unknownNameOf(error: DriverError, state: string, sql: string, offset: number): string | undefined {
  if (!['42P01', '42703', '42883'].includes(state)) return undefined
  const atPosition = error.position === undefined ? undefined : NAME.exec(sql.slice(offset, offset + 400))?.[0]
  const name = atPosition ?? /["„«“]([^"”»]+)["”»]/.exec(error.message)?.[1]
  const last = name?.match(/"(?:[^"]|"")*"|[^.]+/g)?.at(-1)
  return last?.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last
}

const NAME = /^(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(?:\.(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*))*/u

/** Postgres' own advice, in the form of ours; a guess at a name is told by the names. Nobody is told to cascade. */
function advice({ hint }: DriverError): string | undefined {
  if (hint === undefined || hint.startsWith('Perhaps you meant') || hint.includes('CASCADE')) return undefined
  return `${hint.charAt(0).toLowerCase()}${hint.slice(1).replace(/\.$/, '')}`
}

/** `Perhaps you meant to reference the column "t.order_id".` */
function candidatesOf(hint: string | undefined): readonly string[] {
  return [...(hint ?? '').matchAll(/"([^"]+)"/g)].map((match) => match[1]!)
}
