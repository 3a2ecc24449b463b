import { quote } from './literals.ts'

export interface Grantee {
  /** The role that the session acts as. */
  readonly role: string
  readonly database: string
}

/**
 * What gives a role the right that a statement lacked, as SQL: read from the server's message, which names the object but
 * neither its schema nor the right, and from the statement. Undefined where the message is not understood, as in another
 * language.
 */
export function grantFor(message: string, sql: string, { role, database }: Grantee): string | undefined {
  const to = `to ${quote(role)}`
  const denied = /^permission denied for (\w+(?: \w+)*?) (\S.*)$/.exec(message)
  const [, kind = '', name = ''] = denied ?? []
  switch (kind) {
    case 'database':
      return `grant create on database ${quote(name)} ${to}`
    case 'schema':
      return `grant ${makesIn(sql, name) ? 'usage, create' : 'usage'} on schema ${quote(name)} ${to}`
    case 'table':
    case 'view':
    case 'materialized view':
    case 'foreign table':
      // Only its owner may replace a relation.
      if (/^\s*lock\b/i.test(sql)) return ownership(kind, qualified(sql, name), to)
      return `grant ${rightIn(sql, name)} on ${qualified(sql, name)} ${to}`
    case 'sequence':
      return `grant usage on sequence ${qualified(sql, name)} ${to}`
    case 'function':
      return `grant execute on function ${name} ${to}`
    default:
      break
  }
  if (/^permission denied to create temporary tables/.test(message)) {
    return `grant temporary on database ${quote(database)} ${to}`
  }
  const owned = /^must be owner of (table|view|materialized view|foreign table|sequence|schema) (\S.*)$/.exec(message)
  if (!owned) return undefined
  const [, what = '', whose = ''] = owned
  return ownership(what, what === 'schema' ? quote(whose) : qualified(sql, whose), to)
}

function ownership(kind: string, object: string, to: string): string {
  return `alter ${kind} ${object} owner ${to}, or run as its owner with "role" in profiles.yml`
}

/** Whether a statement makes something in a schema, or puts something into another place there. */
function makesIn(sql: string, schema: string): boolean {
  const one = escaped(schema)
  return new RegExp(String.raw`^\s*(?:create|alter)\b[^(;]*?(?:"${one}"|\b${one})\s*\.`, 'i').test(sql)
}

/** A statement that writes the table wants to write it; any other one reads it. */
function rightIn(sql: string, name: string): string {
  const target = new RegExp(
    String.raw`\b(insert\s+into|update|delete\s+from|truncate(?:\s+table)?|merge\s+into|copy)\s+(?:only\s+)?${written(name)}`,
    'i',
  ).exec(sql)
  switch (target?.[1]?.split(/\s/)[0]?.toLowerCase()) {
    case undefined:
      return 'select'
    case 'copy':
    case 'insert':
      return 'insert'
    case 'update':
      return 'select, update'
    case 'delete':
      return 'select, delete'
    case 'truncate':
      return 'truncate'
    default:
      return 'select, insert, update, delete'
  }
}

/** A name as a statement has it: quoted or not, behind its schema or alone. */
function written(name: string): string {
  const one = escaped(name)
  return String.raw`(?:(?:"(?:[^"]|"")+"|[\w$]+)\s*\.\s*)*(?:"${one}"|${one}\b)`
}

/** The name behind its schema, where the statement says it. */
function qualified(sql: string, name: string): string {
  const one = escaped(name)
  const match = new RegExp(String.raw`(?:"((?:[^"]|"")+)"|([\w$]+))\s*\.\s*(?:"${one}"|${one}\b)`, 'i').exec(sql)
  const schema = match?.[1]?.replaceAll('""', '"') ?? match?.[2]?.toLowerCase()
  return schema === undefined ? quote(name) : `${quote(schema)}.${quote(name)}`
}

function escaped(name: string): string {
  return name.replaceAll('"', '""').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
