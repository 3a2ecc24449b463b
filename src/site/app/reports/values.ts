import { DateValue, Decimal, type SqlValue, TimestampValue } from '../../../sql/value.ts'
import type { ColumnIndex, FileValue } from '../../data/dashboard-index.ts'

/** A row with its values as the database gave them, in the order of the panel's columns. */
export type Row = readonly SqlValue[]

/** The values of a row as they were before they became a file. */
export function readRow(columns: readonly Pick<ColumnIndex, 'type'>[], values: readonly FileValue[]): Row {
  return columns.map(({ type }, at) => readValue(type, values[at] ?? null))
}

function readValue(type: ColumnIndex['type'], value: FileValue): SqlValue {
  if (typeof value === 'object' && value !== null) return readNested(value.json)
  if (typeof value !== 'string') return value
  switch (type) {
    case 'decimal':
      return /^-?\d/.test(value) ? new Decimal(value) : value
    case 'integer':
      return /^-?\d+$/.test(value) ? BigInt(value) : value
    case 'date':
      return new DateValue(value)
    case 'timestamp':
      return new TimestampValue(value, value.endsWith('+00:00'))
    default:
      return value
  }
}

/** Numbers within keep their digits, where the browser tells them. */
function readNested(json: string): SqlValue {
  return JSON.parse(json, (_, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source
    return typeof value === 'number' && source !== undefined && String(value) !== source ? new Decimal(source) : value
  })
}

/** A number to draw or to sort by; undefined for what is none. */
export function numberOf(value: SqlValue): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Decimal) return Number(value.digits)
  return undefined
}

/** Seconds since 1970 of a day or a time; a time without a zone is taken as UTC. */
export function secondsOf(value: SqlValue): number | undefined {
  const iso =
    value instanceof DateValue
      ? `${value.iso}T00:00:00Z`
      : value instanceof TimestampValue
        ? value.hasZone
          ? value.iso
          : `${value.iso}Z`
        : undefined
  const time = iso === undefined ? Number.NaN : Date.parse(iso)
  return Number.isNaN(time) ? undefined : time / 1000
}
