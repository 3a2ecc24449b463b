/** Whether a field stands for SQL null: empty or `null`, whatever the case and with white space around. dbt's rule. */
export function isNull(field: string): boolean {
  return /^[\t\n\f\r ]*(null)?[\t\n\f\r ]*$/i.test(field)
}

/**
 * A test of the values of a type, or undefined for types whose values we do not judge. It says no to what every engine
 * refuses or would change, and to dates that are not written as ISO 8601 has it: one engine refuses `05/04/2020`, the
 * other takes it for a day in April or in May.
 */
export function fits(type: string): ((field: string) => boolean) | undefined {
  const name = type.trim().toLowerCase().replace(/\s+/g, ' ')
  const bits = INTEGER_BITS[name]
  if (bits !== undefined) return (field) => fitsInteger(field, bits)
  if (/^(double|double precision|float|float[48]|real)$/.test(name)) return fitsFloat
  const decimal = /^(?:decimal|numeric)(?: ?\( ?(\d+) ?(?:, ?(\d+) ?)?\))?$/.exec(name)
  if (decimal) return (field) => fitsDecimal(field, decimal[1], decimal[2])
  if (/^bool(ean)?$/.test(name)) return (field) => BOOLEANS.has(field.trim().toLowerCase())
  if (name === 'date') return (field) => isDate(field) || MOMENTS.has(field.trim().toLowerCase())
  if (/^(timestamp|datetime)/.test(name)) {
    return (field) => isTimestamp(field) || isDate(field) || MOMENTS.has(field.trim().toLowerCase())
  }
  return undefined
}

const INTEGER_BITS: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  int2: 16,
  int: 32,
  integer: 32,
  int4: 32,
  bigint: 64,
  int8: 64,
  hugeint: 128,
}

const BOOLEANS: ReadonlySet<string> = new Set(['true', 'false', 't', 'f', 'yes', 'no', 'y', 'n', 'on', 'off', '1', '0'])

const MOMENTS: ReadonlySet<string> = new Set(['infinity', '-infinity', 'epoch'])

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

export function isInteger(field: string): boolean {
  return /^[+-]?\d+$/.test(field.trim())
}

export function isNumber(field: string): boolean {
  return NUMBER.test(field.trim())
}

/** `2020-02-03`: `%Y-%m-%d`, a day that the calendar has. */
export function isDate(field: string): boolean {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(field.trim())
  return match !== null && isCalendarDay(Number(match[1]), Number(match[2]), Number(match[3]))
}

/** `2020-02-03 14:00:01`, or ISO 8601 with a `T`, a fraction and an offset. */
export function isTimestamp(field: string): boolean {
  const match = /^(\S{8,10})(?: |T)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d+)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
    field.trim(),
  )
  if (!match || !isDate(match[1] ?? '')) return false
  return Number(match[2]) < 24 && Number(match[3]) < 60 && Number(match[4] ?? 0) < 60
}

function fitsInteger(field: string, bits: number): boolean {
  if (!isInteger(field)) return false
  const value = BigInt(field.trim().replace(/^\+/, ''))
  const limit = 2n ** BigInt(bits - 1)
  return value >= -limit && value < limit
}

function fitsFloat(field: string): boolean {
  return isNumber(field) || /^[+-]?(nan|inf(inity)?)$/i.test(field.trim())
}

function fitsDecimal(field: string, precision: string | undefined, scale: string | undefined): boolean {
  if (!isNumber(field)) return false
  if (precision === undefined) return true
  const whole = /^[+-]?0*(\d*)/.exec(field.trim())?.[1] ?? ''
  return /e/i.test(field) || whole.length <= Number(precision) - Number(scale ?? 0)
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  // Day 0 of the next month is the last of this one.
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
}
