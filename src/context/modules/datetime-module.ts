import { HostObject, hostFunction, str, TemplateError } from '../../template/index.ts'
import { readArguments } from '../objects/arguments.ts'
import { type CalendarFields, calendarProblem, floorModulo, fromOrdinal, MICROS_PER_DAY, microsOf } from './calendar.ts'
import { DateObject, DateTimeObject, ZoneObject, zoneOf, zoneOfOffset } from './datetime-objects.ts'
import { dateOfIso, dateTimeOfIso } from './iso-time.ts'
import { module } from './module.ts'
import { strptime } from './strftime.ts'
import { TimeDelta } from './time-delta.ts'
import { TimeObject } from './time-object.ts'
import { findZone, fixedZone, nowMicros, UTC } from './time-zone.ts'

type Arguments = readonly unknown[]
type KeywordArguments = ReadonlyMap<string, unknown>
type Call = (args: Arguments, kwargs: KeywordArguments) => unknown

/** A class of Python's `datetime`: called to make an object, with constructors of other names as attributes. */
class TypeObject extends HostObject {
  readonly typeName = 'type'
  private readonly name: string
  private readonly make: Call
  private readonly members: Readonly<Record<string, unknown>>

  constructor(name: string, make: Call, members: Readonly<Record<string, unknown>> = {}) {
    super()
    this.name = name
    this.make = make
    this.members = members
  }

  override call(args: Arguments, kwargs: KeywordArguments): unknown {
    return this.make(args, kwargs)
  }

  override attr(name: string): unknown {
    return Object.hasOwn(this.members, name) ? this.members[name] : undefined
  }

  override names(): Iterable<string> {
    return Object.keys(this.members)
  }

  override str(): string {
    return `<class 'datetime.${this.name}'>`
  }
}

function valueError(message: string): TemplateError {
  return new TemplateError(message, { type: 'ValueError' })
}

function member(name: string, parameters: readonly string[], body: (...values: unknown[]) => unknown): unknown {
  return hostFunction(name, (args, kwargs) => body(...readArguments(name, parameters, args, kwargs)))
}

const DATE = ['year', 'month', 'day'] as const
const TIME = ['hour', 'minute', 'second', 'microsecond'] as const

function checkedMicros(values: readonly unknown[]): bigint {
  const number = (index: number) => Number(values[index] ?? 0)
  const fields: CalendarFields = {
    year: number(0),
    month: number(1),
    day: number(2),
    hour: number(3),
    minute: number(4),
    second: number(5),
    microsecond: number(6),
  }
  const wrong = calendarProblem(fields)
  if (wrong) throw valueError(wrong)
  return microsOf(fields)
}

const date = new TypeObject(
  'date',
  (args, kwargs) => new DateObject(checkedMicros(readArguments('date', DATE, args, kwargs))),
  {
    today: member('today', [], () => today()),
    fromisoformat: member('fromisoformat', ['date_string'], (text) => {
      return dateOfIso(str(text)) ?? fail(`Invalid isoformat string: '${str(text)}'`)
    }),
    fromordinal: member(
      'fromordinal',
      ['ordinal'],
      (ordinal) => new DateObject(microsOf(fromOrdinal(Number(ordinal)))),
    ),
    min: new DateObject(checkedMicros([1, 1, 1])),
    max: new DateObject(checkedMicros([9999, 12, 31])),
  },
)

function today(): DateObject {
  const now = nowMicros()
  return new DateObject(now - floorModulo(now, MICROS_PER_DAY))
}

function fail(message: string): never {
  throw valueError(message)
}

/** `now` and `today` are UTC's: what a template renders shall not depend on the machine's zone. */
const datetime = new TypeObject(
  'datetime',
  (args, kwargs) => {
    const values = readArguments('datetime', [...DATE, ...TIME, 'tzinfo'], args, kwargs)
    return new DateTimeObject(checkedMicros(values), zoneOf(values[7]))
  },
  {
    now: member('now', ['tz'], (tz) => {
      const zone = zoneOf(tz)
      return zone ? DateTimeObject.atUtc(nowMicros(), zone) : new DateTimeObject(nowMicros())
    }),
    utcnow: member('utcnow', [], () => new DateTimeObject(nowMicros())),
    today: member('today', [], () => new DateTimeObject(nowMicros())),
    strptime: member('strptime', ['date_string', 'format'], (text, format) => parseTime(str(text), str(format))),
    fromisoformat: member('fromisoformat', ['date_string'], (text) => {
      return dateTimeOfIso(str(text)) ?? fail(`Invalid isoformat string: '${str(text)}'`)
    }),
    fromtimestamp: member('fromtimestamp', ['timestamp', 'tz'], (timestamp, tz) => {
      const micros = BigInt(Math.round(Number(str(timestamp)) * 1e6))
      const zone = zoneOf(tz)
      return zone ? DateTimeObject.atUtc(micros, zone) : new DateTimeObject(micros)
    }),
    utcfromtimestamp: member('utcfromtimestamp', ['timestamp'], (timestamp) => {
      return new DateTimeObject(BigInt(Math.round(Number(str(timestamp)) * 1e6)))
    }),
    combine: member('combine', ['date', 'time'], (day, time) => {
      if (!(day instanceof DateObject) || !(time instanceof TimeObject)) fail('combine() takes a date and a time')
      return new DateTimeObject(day.micros - floorModulo(day.micros, MICROS_PER_DAY) + time.micros)
    }),
    min: new DateTimeObject(checkedMicros([1, 1, 1])),
    max: new DateTimeObject(checkedMicros([9999, 12, 31, 23, 59, 59, 999_999])),
  },
)

function parseTime(text: string, format: string): DateTimeObject {
  const parsed = strptime(text, format) ?? fail(`time data '${text}' does not match format '${format}'`)
  const wrong = calendarProblem(parsed.fields)
  if (wrong) throw valueError(wrong)
  const { offsetMinutes } = parsed
  const zone = offsetMinutes === undefined ? undefined : offsetMinutes === 0 ? UTC : fixedZone(offsetMinutes, 'UTC')
  return new DateTimeObject(microsOf(parsed.fields), zone)
}

const time = new TypeObject('time', (args, kwargs) => {
  return new TimeObject(
    floorModulo(checkedMicros([1970, 1, 1, ...readArguments('time', TIME, args, kwargs)]), MICROS_PER_DAY),
  )
})

/** Microseconds of each unit, in the order in which `timedelta` takes them. */
const UNITS = [
  ['days', 86_400_000_000],
  ['seconds', 1_000_000],
  ['microseconds', 1],
  ['milliseconds', 1000],
  ['minutes', 60_000_000],
  ['hours', 3_600_000_000],
  ['weeks', 604_800_000_000],
] as const

const timedelta = new TypeObject('timedelta', (args, kwargs) => {
  const names = UNITS.map(([name]) => name)
  const amounts = readArguments('timedelta', names, args, kwargs).map((value) =>
    value === undefined ? 0 : Number(str(value)),
  )
  const micros = amounts.reduce((sum, amount, index) => sum + amount * UNITS[index]![1], 0)
  return new TimeDelta(BigInt(Math.round(micros)))
})

const timezone = new TypeObject(
  'timezone',
  (args) => {
    const [offset] = args
    if (!(offset instanceof TimeDelta)) return fail('timezone() takes a timedelta')
    const minutes = Number(offset.micros / 60_000_000n)
    const sign = minutes < 0 ? '-' : '+'
    const text = `${sign}${String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0')}${String(Math.abs(minutes) % 60).padStart(2, '0')}`
    return new ZoneObject(zoneOfOffset(text))
  },
  { utc: new ZoneObject(UTC) },
)

/** `modules.datetime`. */
export const datetimeModule = module('datetime', [
  ['date', date],
  ['datetime', datetime],
  ['time', time],
  ['timedelta', timedelta],
  ['timezone', timezone],
])

/** `modules.pytz`: UTC and the zones of the IANA database. */
export const pytzModule = module('pytz', [
  ['UTC', new ZoneObject(UTC)],
  ['utc', new ZoneObject(UTC)],
  [
    'timezone',
    member('timezone', ['zone'], (name) => {
      const zone = findZone(str(name))
      if (!zone) throw new TemplateError(`There is no time zone "${str(name)}".`, { type: 'UnknownTimeZoneError' })
      return new ZoneObject(zone)
    }),
  ],
])
