import { type CalendarFields, dayOfYear, isoCalendar, offsetText, pad, weekday } from './calendar.ts'

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** A zone as it is at one moment. */
export interface ZoneAt {
  readonly name: string
  readonly offsetMinutes: number
}

type Directive = (fields: CalendarFields, zone: ZoneAt | undefined) => string

/** Numbers are given without padding where `%-d` asks for that. */
const DIRECTIVES: Readonly<Record<string, Directive>> = {
  a: (at) => DAYS[weekday(at)]!.slice(0, 3),
  A: (at) => DAYS[weekday(at)]!,
  b: (at) => MONTHS[at.month - 1]!.slice(0, 3),
  B: (at) => MONTHS[at.month - 1]!,
  c: (at) => strftime(at, '%a %b %e %H:%M:%S %Y'),
  C: (at) => pad(Math.floor(at.year / 100)),
  d: (at) => pad(at.day),
  D: (at) => strftime(at, '%m/%d/%y'),
  e: (at) => String(at.day).padStart(2),
  f: (at) => pad(at.microsecond, 6),
  F: (at) => strftime(at, '%Y-%m-%d'),
  G: (at) => String(isoCalendar(at).year),
  h: (at) => strftime(at, '%b'),
  H: (at) => pad(at.hour),
  I: (at) => pad(at.hour % 12 || 12),
  j: (at) => pad(dayOfYear(at), 3),
  m: (at) => pad(at.month),
  M: (at) => pad(at.minute),
  n: () => '\n',
  p: (at) => (at.hour < 12 ? 'AM' : 'PM'),
  R: (at) => strftime(at, '%H:%M'),
  S: (at) => pad(at.second),
  t: () => '\t',
  T: (at) => strftime(at, '%H:%M:%S'),
  u: (at) => String(weekday(at) + 1),
  U: (at) => pad(Math.floor((dayOfYear(at) + 6 - ((weekday(at) + 1) % 7)) / 7)),
  V: (at) => pad(isoCalendar(at).week),
  w: (at) => String((weekday(at) + 1) % 7),
  W: (at) => pad(Math.floor((dayOfYear(at) + 6 - weekday(at)) / 7)),
  x: (at) => strftime(at, '%m/%d/%y'),
  X: (at) => strftime(at, '%H:%M:%S'),
  y: (at) => pad(at.year % 100),
  Y: (at) => String(at.year),
  z: (_, zone) => (zone ? offsetText(zone.offsetMinutes, '') : ''),
  Z: (_, zone) => zone?.name ?? '',
  '%': () => '%',
}

/** Python's `strftime` in the C locale on Linux. A directive that nobody knows stays as it is. */
export function strftime(fields: CalendarFields, format: string, zone?: ZoneAt): string {
  return format.replace(/%(-?)([a-zA-Z%])/g, (written: string, minus: string, letter: string) => {
    const directive = DIRECTIVES[letter]
    if (!directive) return written
    const text = directive(fields, zone)
    return minus ? text.replace(/^[0 ]+(?=.)/, '') : text
  })
}

/** What `strptime` read. */
export interface ParsedTime {
  readonly fields: CalendarFields
  readonly offsetMinutes?: number
}

const NUMBER_PATTERNS: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d{2}',
  m: '1[0-2]|0?[1-9]',
  d: '3[01]|[12]\\d|0?[1-9]',
  H: '2[0-3]|[01]?\\d',
  I: '1[0-2]|0?[1-9]',
  M: '[0-5]?\\d',
  S: '[0-5]?\\d',
  f: '\\d{1,6}',
  j: '\\d{1,3}',
}

const TEXT_PATTERNS: Readonly<Record<string, string>> = {
  p: 'AM|PM',
  b: MONTHS.map((month) => month.slice(0, 3)).join('|'),
  B: MONTHS.join('|'),
  a: DAYS.map((day) => day.slice(0, 3)).join('|'),
  A: DAYS.join('|'),
  z: 'Z|[+-]\\d{2}:?\\d{2}',
  Z: 'UTC|GMT',
}

const SHORTHANDS: Readonly<Record<string, string>> = { F: '%Y-%m-%d', T: '%H:%M:%S', D: '%m/%d/%y', R: '%H:%M' }

/** Python's `strptime`, or undefined where the text does not have the format. */
export function strptime(text: string, format: string): ParsedTime | undefined {
  const match = new RegExp(`^${patternOf(format)}$`, 'i').exec(text)
  return match ? timeOf(match.groups ?? {}) : undefined
}

function patternOf(format: string): string {
  const expanded = format.replace(/%([FTDR])/g, (_, letter: string) => SHORTHANDS[letter]!)
  return expanded.replace(/%([a-zA-Z%])|\s+|[^\s%]+|%/g, (part: string, letter: string | undefined) => {
    if (/^\s/.test(part)) return '\\s+'
    if (letter === undefined || letter === '%') return (letter ?? part).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    const pattern = NUMBER_PATTERNS[letter] ?? TEXT_PATTERNS[letter]
    // A directive that cannot be read matches nothing, as in Python it is an error.
    return pattern === undefined ? '(?!)' : `(?<${letter}>${pattern})`
  })
}

function timeOf(groups: Readonly<Record<string, string | undefined>>): ParsedTime {
  const number = (letter: string) => (groups[letter] === undefined ? undefined : Number(groups[letter]))
  const monthName = (groups.B ?? groups.b)?.slice(0, 3).toLowerCase()
  const month = monthName ? MONTHS.findIndex((name) => name.toLowerCase().startsWith(monthName)) + 1 : number('m')
  const fields: CalendarFields = {
    year: number('Y') ?? fullYear(number('y')) ?? 1900,
    month: month ?? 1,
    day: number('d') ?? 1,
    hour: number('H') ?? hourOfDay(number('I'), groups.p) ?? 0,
    minute: number('M') ?? 0,
    second: number('S') ?? 0,
    microsecond: Number((groups.f ?? '').padEnd(6, '0')),
  }
  return groups.z === undefined ? { fields } : { fields, offsetMinutes: offsetMinutesOf(groups.z) }
}

/** Two digits up to 68 are of this century, as POSIX has it. */
function fullYear(twoDigits: number | undefined): number | undefined {
  if (twoDigits === undefined) return undefined
  return twoDigits <= 68 ? 2000 + twoDigits : 1900 + twoDigits
}

function hourOfDay(hour: number | undefined, half: string | undefined): number | undefined {
  if (hour === undefined) return undefined
  return (hour % 12) + (half?.toUpperCase() === 'PM' ? 12 : 0)
}

/** Minutes of `+05:30`, `-0800` or `Z`. */
export function offsetMinutesOf(text: string): number {
  if (/^z$/i.test(text)) return 0
  const sign = text.startsWith('-') ? -1 : 1
  return sign * (Number(text.slice(1, 3)) * 60 + Number(text.slice(-2)))
}
