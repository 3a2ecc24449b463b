/** What a column holds, as far as showing it is concerned. */
export type ColumnKind = 'integer' | 'decimal' | 'float' | 'text' | 'boolean' | 'date' | 'timestamp' | 'other'

const KINDS: Readonly<Record<string, ColumnKind>> = {
  tinyint: 'integer',
  utinyint: 'integer',
  smallint: 'integer',
  usmallint: 'integer',
  integer: 'integer',
  uinteger: 'integer',
  bigint: 'integer',
  ubigint: 'integer',
  hugeint: 'integer',
  uhugeint: 'integer',
  bignum: 'integer',
  decimal: 'decimal',
  numeric: 'decimal',
  float: 'float',
  real: 'float',
  double: 'float',
  'double precision': 'float',
  varchar: 'text',
  text: 'text',
  character: 'text',
  'character varying': 'text',
  bpchar: 'text',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  timestamp_s: 'timestamp',
  timestamp_ms: 'timestamp',
  timestamp_ns: 'timestamp',
  'timestamp with time zone': 'timestamp',
  'timestamp without time zone': 'timestamp',
}

/** The kind of a type as an engine names it: `DECIMAL(18,2)`, `timestamp(3) with time zone`, `character varying(20)`. */
export function columnKind(type: string): ColumnKind {
  const name = type
    .trim()
    .toLowerCase()
    .replace(/\s*\([^)]*\)/, '')
  return KINDS[name] ?? 'other'
}

export function isNumeric(kind: ColumnKind): boolean {
  return kind === 'integer' || kind === 'decimal' || kind === 'float'
}
