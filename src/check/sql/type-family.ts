/**
 * What kinds of values a type holds, so far as comparing goes: types of one family are compared without a cast that a reader
 * should know of. Undefined for types that nobody here knows.
 */
export type TypeFamily =
  | 'number'
  | 'text'
  | 'boolean'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamp with time zone'
  | 'uuid'
  | 'interval'

const FAMILIES: Readonly<Record<TypeFamily, readonly string[]>> = {
  number: [
    ...['tinyint', 'smallint', 'integer', 'int', 'bigint', 'hugeint', 'int2', 'int4', 'int8'],
    ...['utinyint', 'usmallint', 'uinteger', 'ubigint', 'uhugeint', 'bignum'],
    ...['decimal', 'numeric', 'real', 'float', 'double', 'double precision', 'float4', 'float8'],
  ],
  text: ['varchar', 'character varying', 'text', 'char', 'character', 'bpchar', 'string'],
  boolean: ['boolean', 'bool'],
  date: ['date'],
  time: ['time', 'time without time zone'],
  timestamp: ['timestamp', 'timestamp without time zone', 'datetime', 'timestamp_s', 'timestamp_ms', 'timestamp_ns'],
  'timestamp with time zone': ['timestamp with time zone', 'timestamptz'],
  uuid: ['uuid'],
  interval: ['interval'],
}

const FAMILY_OF: ReadonlyMap<string, TypeFamily> = new Map(
  Object.entries(FAMILIES).flatMap(([family, names]) => names.map((name) => [name, family as TypeFamily] as const)),
)

/** The family of a type as an engine names it: sizes do not count. */
export function typeFamily(type: string | undefined): TypeFamily | undefined {
  const name = type?.toLowerCase().replace(/\s*\(\s*\d+\s*(?:,\s*\d+\s*)?\)/, '')
  return name === undefined ? undefined : FAMILY_OF.get(name)
}
