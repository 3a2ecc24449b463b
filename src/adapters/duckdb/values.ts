import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue,
  DuckDBVariantValue,
} from '@duckdb/node-api'
import { DateValue, Decimal, type SqlValue, TimestampValue } from '../../sql/value.ts'

const DAY = 86_400_000_000_000n
const SECOND = 1_000_000_000n

/**
 * A value of the driver as plain data. Times, intervals, UUIDs and bit strings are text as DuckDB writes them; blobs
 * are hexadecimal.
 */
export function toSqlValue(value: DuckDBValue): SqlValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  if (typeof value === 'bigint') return integer(value)
  if (value instanceof DuckDBDecimalValue) return new Decimal(value.toString())
  if (value instanceof DuckDBDateValue)
    return new DateValue(value.isFinite ? isoDate(value.days) : infinity(value.days))
  if (value instanceof DuckDBTimestampTZValue) return timestamp(value.micros * 1000n, value.micros, true)
  if (value instanceof DuckDBTimestampValue) return timestamp(value.micros * 1000n, value.micros, false)
  if (value instanceof DuckDBTimestampSecondsValue) return timestamp(value.seconds * SECOND, value.seconds, false)
  if (value instanceof DuckDBTimestampMillisecondsValue)
    return timestamp(value.millis * 1_000_000n, value.millis, false)
  if (value instanceof DuckDBTimestampNanosecondsValue) return timestamp(value.nanos, value.nanos, false)
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(toSqlValue)
  if (value instanceof DuckDBStructValue) return mapValues(value.entries)
  if (value instanceof DuckDBMapValue) return map(value)
  if (value instanceof DuckDBUnionValue) return toSqlValue(value.value)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex')
  if (value instanceof DuckDBVariantValue) return value.toString()
  return value.toString()
}

function integer(value: bigint): number | bigint {
  const isSafe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
  return isSafe ? Number(value) : value
}

function mapValues(entries: Readonly<Record<string, DuckDBValue>>): SqlValue {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, toSqlValue(value)]))
}

function map(value: DuckDBMapValue): SqlValue {
  const entries = value.entries.map((entry) => ({ key: toSqlValue(entry.key), value: toSqlValue(entry.value) }))
  if (entries.some((entry) => typeof entry.key !== 'string')) return entries
  return Object.fromEntries(entries.map((entry) => [String(entry.key), entry.value]))
}

/** `raw` is the value in the unit that it is stored in, whose two greatest numbers stand for the infinities. */
function timestamp(nanos: bigint, raw: bigint, hasZone: boolean): TimestampValue {
  if (raw === 2n ** 63n - 1n || raw === -(2n ** 63n) + 1n) return new TimestampValue(infinity(raw), hasZone)
  const day = (nanos - mod(nanos, DAY)) / DAY
  const inDay = mod(nanos, DAY)
  const seconds = Number(inDay / SECOND)
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits).join(':')
  return new TimestampValue(
    `${isoDate(Number(day))}T${clock}${fraction(inDay % SECOND)}${hasZone ? '+00:00' : ''}`,
    hasZone,
  )
}

/** Nothing for whole seconds, otherwise the three, six or nine digits that it takes. */
function fraction(nanos: bigint): string {
  if (nanos === 0n) return ''
  const digits = String(nanos).padStart(9, '0')
  if (digits.endsWith('000000')) return `.${digits.slice(0, 3)}`
  return digits.endsWith('000') ? `.${digits.slice(0, 6)}` : `.${digits}`
}

/**
 * The proleptic Gregorian date of a number of days since 1970, for any year: DuckDB's dates reach further than
 * JavaScript's. Counts in eras of 400 years, each of which has the same number of days; a year starts in March there,
 * so that the leap day is its last. Years before 1 are written as ISO 8601 does, `-0043` for 44 BC.
 */
function isoDate(days: number): string {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const sign = year < 0 ? '-' : ''
  return `${sign}${String(Math.abs(year)).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`
}

function infinity(value: number | bigint): string {
  return value < 0 ? '-infinity' : 'infinity'
}

function mod(value: bigint, divisor: bigint): bigint {
  return ((value % divisor) + divisor) % divisor
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
