/** A wall-clock time of the proleptic Gregorian calendar, as Python's `datetime` counts it. */
export interface CalendarFields {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number
}

export const MICROS_PER_SECOND = 1_000_000n
export const MICROS_PER_DAY = 86_400n * MICROS_PER_SECOND

const MS_PER_DAY = 86_400_000

/** Microseconds from 1970-01-01T00:00 to a wall-clock time. */
export function microsOf(fields: CalendarFields): bigint {
  const date = new Date(0)
  // `Date.UTC` would take years below 100 for years of the twentieth century.
  date.setUTCFullYear(fields.year, fields.month - 1, fields.day)
  date.setUTCHours(fields.hour, fields.minute, fields.second)
  return BigInt(date.getTime()) * 1000n + BigInt(fields.microsecond)
}

export function fieldsOf(micros: bigint): CalendarFields {
  const microsecond = floorModulo(micros, MICROS_PER_SECOND)
  const date = new Date(Number((micros - microsecond) / 1000n))
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond: Number(microsecond),
  }
}

/** What is wrong with these fields in Python's words, or undefined. */
export function calendarProblem(fields: CalendarFields): string | undefined {
  if (fields.year < 1 || fields.year > 9999) return `year ${fields.year} is out of range`
  if (fields.month < 1 || fields.month > 12) return 'month must be in 1..12'
  if (fields.day < 1 || fields.day > daysInMonth(fields.year, fields.month)) return 'day is out of range for month'
  if (fields.hour < 0 || fields.hour > 23) return 'hour must be in 0..23'
  if (fields.minute < 0 || fields.minute > 59) return 'minute must be in 0..59'
  if (fields.second < 0 || fields.second > 59) return 'second must be in 0..59'
  if (fields.microsecond < 0 || fields.microsecond > 999_999) return 'microsecond must be in 0..999999'
  return undefined
}

/** Days since 1970-01-01. */
function dayNumber(fields: Pick<CalendarFields, 'year' | 'month' | 'day'>): number {
  return new Date(0).setUTCFullYear(fields.year, fields.month - 1, fields.day) / MS_PER_DAY
}

function daysInMonth(year: number, month: number): number {
  const next = month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 }
  return dayNumber(next) - dayNumber({ year, month, day: 1 })
}

/** Monday is 0. */
export function weekday(fields: CalendarFields): number {
  // 1970-01-01 was a Thursday.
  return (((dayNumber(fields) + 3) % 7) + 7) % 7
}

/** 1 to 366. */
export function dayOfYear(fields: CalendarFields): number {
  return dayNumber(fields) - dayNumber({ year: fields.year, month: 1, day: 1 }) + 1
}

/** Weeks start on Monday; the first is the one with the year's first Thursday. */
export function isoCalendar(fields: CalendarFields): {
  readonly year: number
  readonly week: number
  readonly weekday: number
} {
  const thursday = fieldsOf(microsOf(fields) + BigInt(3 - weekday(fields)) * MICROS_PER_DAY)
  return { year: thursday.year, week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1, weekday: weekday(fields) + 1 }
}

/** Days from 0001-01-01, which is 1. */
export function toOrdinal(fields: CalendarFields): number {
  return dayNumber(fields) - dayNumber({ year: 1, month: 1, day: 1 }) + 1
}

export function fromOrdinal(ordinal: number): CalendarFields {
  const start = BigInt(dayNumber({ year: 1, month: 1, day: 1 }) + ordinal - 1)
  return fieldsOf(start * MICROS_PER_DAY)
}

export function floorModulo(value: bigint, divisor: bigint): bigint {
  return ((value % divisor) + divisor) % divisor
}

export function floorDivide(value: bigint, divisor: bigint): bigint {
  return (value - floorModulo(value, divisor)) / divisor
}

export function pad(number: number, width = 2): string {
  return String(number).padStart(width, '0')
}

/** `14:05:09.000120`, without the fraction where it is zero. */
export function timeText(fields: CalendarFields): string {
  const seconds = `${pad(fields.hour)}:${pad(fields.minute)}:${pad(fields.second)}`
  return fields.microsecond === 0 ? seconds : `${seconds}.${pad(fields.microsecond, 6)}`
}

export function dateText(fields: CalendarFields): string {
  return `${pad(fields.year, 4)}-${pad(fields.month)}-${pad(fields.day)}`
}

/** `+05:30`. */
export function offsetText(minutes: number, separator = ':'): string {
  const absolute = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(absolute / 60))}${separator}${pad(absolute % 60)}`
}

/** Negative, zero or positive, as a sort wants it. */
export function order(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0
}
