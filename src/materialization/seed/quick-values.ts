import { INFERRED_TYPES } from './columns.ts'

/**
 * Short ways to judge values in bytes: they say yes to what most values look like, and leave the rest to `values.ts`, which
 * knows the rules.
 */

const bitOf = (name: (typeof INFERRED_TYPES)[number][0]) => 1 << INFERRED_TYPES.findIndex(([type]) => type === name)
const INTEGER = bitOf('integer')
const NUMBER = bitOf('number')
const DATE = bitOf('date')
const DATETIME = bitOf('datetime')

const ZERO = 0x30
const POINT = 0x2e
const DASH = 0x2d
const COLON = 0x3a
const SPACE = 0x20
const T = 0x54

/** What `quickTypes` gives where the types of a value are not seen at once. */
export const UNSURE = -1

/** All types that a value has, as bits in the order of `INFERRED_TYPES`, or `UNSURE`. */
export function quickTypes(bytes: Uint8Array, start: number, end: number): number {
  // A number: digits, a minus before them perhaps, and perhaps a point with digits behind it.
  let offset = bytes[start] === DASH ? start + 1 : start
  const digits = offset
  while (offset < end && isDigit(bytes[offset]!)) offset += 1
  if (offset > digits) {
    if (offset === end) return INTEGER | NUMBER
    if (bytes[offset] === POINT) return isWhole(bytes, offset + 1, end) && bytes[offset + 1] !== DASH ? NUMBER : UNSURE
    if (isDay(bytes, start, end)) return DATE
    if (isMoment(bytes, start, end)) return DATETIME
    return UNSURE
  }
  // Every type's values start with a sign, a digit, a point or white space, but for "true" and "false".
  return startsLikeWord(bytes, start, end) ? 0 : UNSURE
}

/** Whether a value is of a declared type for certain; false where that is not seen at once. */
export function quickFit(type: string): (bytes: Uint8Array, start: number, end: number) => boolean {
  const name = type.trim().toLowerCase().replace(/\s+/g, ' ')
  const digits = CERTAIN_DIGITS[name]
  if (digits !== undefined) return (bytes, start, end) => end - start <= digits && isWhole(bytes, start, end)
  if (/^(double|double precision|float|float[48]|real|decimal|numeric)$/.test(name)) return isPlainNumber
  const decimal = /^(?:decimal|numeric) ?\( ?(\d+) ?(?:, ?(\d+) ?)?\)$/.exec(name)
  if (decimal) {
    const whole = Number(decimal[1]) - Number(decimal[2] ?? 0)
    return (bytes, start, end) => wholeDigits(bytes, start, end) <= whole && isPlainNumber(bytes, start, end)
  }
  if (name === 'date') return isDay
  if (/^(timestamp|datetime)/.test(name))
    return (bytes, start, end) => isMoment(bytes, start, end) || isDay(bytes, start, end)
  return () => false
}

/** How many digits every value of a type can have. */
const CERTAIN_DIGITS: Readonly<Record<string, number>> = {
  tinyint: 2,
  smallint: 4,
  int2: 4,
  int: 9,
  integer: 9,
  int4: 9,
  bigint: 18,
  int8: 18,
  hugeint: 38,
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9
}

/** Digits, and a minus before them perhaps. */
function isWhole(bytes: Uint8Array, start: number, end: number): boolean {
  let offset = bytes[start] === DASH ? start + 1 : start
  if (offset >= end) return false
  for (; offset < end; offset += 1) if (!isDigit(bytes[offset]!)) return false
  return true
}

/** `12.50`: digits on both sides of a point. */
function isDecimal(bytes: Uint8Array, start: number, end: number): boolean {
  let offset = bytes[start] === DASH ? start + 1 : start
  const first = offset
  while (offset < end && isDigit(bytes[offset]!)) offset += 1
  if (offset === first || offset >= end - 1 || bytes[offset] !== POINT) return false
  for (offset += 1; offset < end; offset += 1) if (!isDigit(bytes[offset]!)) return false
  return true
}

function isPlainNumber(bytes: Uint8Array, start: number, end: number): boolean {
  return isWhole(bytes, start, end) || isDecimal(bytes, start, end)
}

/** How many bytes stand before the point. */
function wholeDigits(bytes: Uint8Array, start: number, end: number): number {
  let offset = start
  while (offset < end && bytes[offset] !== POINT) offset += 1
  return offset - start
}

/** The days of the months that every year has. */
const DAYS = Uint8Array.of(31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

/** `2020-02-03`; not the 29th of February. */
function isDay(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 10 && isDayAt(bytes, start)
}

function isDayAt(bytes: Uint8Array, start: number): boolean {
  if (bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return false
  for (let index = 0; index < 4; index += 1) if (!isDigit(bytes[start + index]!)) return false
  const month = twoDigits(bytes, start + 5)
  const day = twoDigits(bytes, start + 8)
  return month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1]!
}

/** `2020-02-03 14:00:00`, also with a `T` and with a fraction. */
function isMoment(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 19 || !isDayAt(bytes, start)) return false
  if (bytes[start + 10] !== SPACE && bytes[start + 10] !== T) return false
  if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return false
  if (!isBelow(24, twoDigits(bytes, start + 11))) return false
  if (!isBelow(60, twoDigits(bytes, start + 14)) || !isBelow(60, twoDigits(bytes, start + 17))) return false
  if (end - start === 19) return true
  if (bytes[start + 19] !== POINT || end - start === 20) return false
  for (let offset = start + 20; offset < end; offset += 1) if (!isDigit(bytes[offset]!)) return false
  return true
}

function isBelow(limit: number, value: number): boolean {
  return value >= 0 && value < limit
}

/** The number that two digits write; -1 for anything else. */
function twoDigits(bytes: Uint8Array, start: number): number {
  const tens = bytes[start]! - ZERO
  const ones = bytes[start + 1]! - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

/** A letter that starts no value of any type: not that of true, false or null. */
function startsLikeWord(bytes: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false
  const byte = bytes[start]! | 0x20
  return byte >= 0x61 && byte <= 0x7a && byte !== 0x74 && byte !== 0x66 && byte !== 0x6e
}
