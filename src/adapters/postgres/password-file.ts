import { readFileSync, statSync } from 'node:fs'
import type { PostgresOptions } from './options.ts'

/** What a password file says about a connection. */
export type FilePassword =
  | { readonly kind: 'found'; readonly password: string }
  /** There is no such file, or no line of it is for this connection. */
  | { readonly kind: 'none' }
  /** The file is there and is not read, as libpq does not: a sentence without a full stop. */
  | { readonly kind: 'ignored'; readonly reason: string }

/**
 * The password of the first line that matches: `host:port:database:user:password`, where `*` stands for anything and a
 * backslash takes the meaning from a colon or a backslash. A socket's folder is `localhost`. Never throws.
 * Source: the PostgreSQL manual, "The Password File" of libpq.
 */
export function passwordFromFile(
  path: string,
  connection: Pick<PostgresOptions, 'host' | 'port' | 'database' | 'user'>,
): FilePassword {
  let text: string
  try {
    const status = statSync(path)
    if (!status.isFile()) return { kind: 'ignored', reason: 'it is not a file' }
    if (process.platform !== 'win32' && (status.mode & 0o077) !== 0) {
      return { kind: 'ignored', reason: `others may read it: run chmod 600 "${path}"` }
    }
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    return isAbsent ? { kind: 'none' } : { kind: 'ignored', reason: 'it cannot be read' }
  }
  const wanted = [
    connection.host.startsWith('/') ? 'localhost' : connection.host,
    String(connection.port),
    connection.database,
    connection.user,
  ]
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const [password, ...fields] = fieldsOf(line)
    const isMatch =
      fields.length === wanted.length && fields.every((field, index) => field === '*' || field === wanted[index])
    if (isMatch && password !== undefined && password !== '') return { kind: 'found', password }
  }
  return { kind: 'none' }
}

/** The password, which is the rest of the line behind the fourth colon, and then the four fields before it. */
function fieldsOf(line: string): readonly (string | undefined)[] {
  const match = /^((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):(.*)$/.exec(line)
  if (!match) return []
  const [, host, port, database, user, password] = match.map((field) => field.replace(/\\(.)/g, '$1'))
  return [password, host, port, database, user]
}
