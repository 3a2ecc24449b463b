import { float, HostObject, hostFunction, type Operator, str, TemplateError, Tuple } from '../../template/index.ts'
import { readArguments } from '../objects/arguments.ts'
import {
  type CalendarFields,
  dateText,
  fieldsOf,
  floorDivide,
  floorModulo,
  isoCalendar,
  MICROS_PER_DAY,
  microsOf,
  offsetText,
  order,
  pad,
  timeText,
  toOrdinal,
  weekday,
} from './calendar.ts'
import { offsetMinutesOf, strftime } from './strftime.ts'
import { TimeDelta } from './time-delta.ts'
import { TimeObject } from './time-object.ts'
import { fixedZone, type TimeZone, UTC, utcOfWall, wallOfUtc } from './time-zone.ts'

/** A calendar date: Python's `date`. */
export class DateObject extends HostObject {
  readonly typeName: string = 'date'
  /** Wall-clock microseconds since 1970. */
  readonly micros: bigint

  constructor(micros: bigint) {
    super()
    this.micros = micros
  }

  get fields(): CalendarFields {
    return fieldsOf(this.micros)
  }

  override attr(name: string): unknown {
    const fields = this.fields
    switch (name) {
      case 'year':
      case 'month':
      case 'day':
        return fields[name]
      case 'strftime':
        return hostFunction(name, (args, kwargs) => this.format(str(readArguments(name, ['format'], args, kwargs)[0])))
      case 'isoformat':
        return hostFunction(name, () => dateText(fields))
      case 'weekday':
        return hostFunction(name, () => weekday(fields))
      case 'isoweekday':
        return hostFunction(name, () => weekday(fields) + 1)
      case 'isocalendar':
        return hostFunction(name, () => {
          const iso = isoCalendar(fields)
          return Tuple.of(iso.year, iso.week, iso.weekday)
        })
      case 'toordinal':
        return hostFunction(name, () => toOrdinal(fields))
      case 'replace':
        return hostFunction(name, (args, kwargs) => new DateObject(replacedMicros(fields, DATE_PARTS, args, kwargs)))
      default:
        return undefined
    }
  }

  override names(): Iterable<string> {
    return [
      'year',
      'month',
      'day',
      'strftime',
      'isoformat',
      'weekday',
      'isoweekday',
      'isocalendar',
      'toordinal',
      'replace',
    ]
  }

  override str(): string {
    return dateText(this.fields)
  }

  override repr(): string {
    const { year, month, day } = this.fields
    return `datetime.date(${year}, ${month}, ${day})`
  }

  override format(spec: string): string {
    return spec === '' ? this.str() : strftime(this.fields, spec)
  }

  override eq(other: unknown): boolean {
    return this.compare(other) === 0
  }

  override compare(other: unknown): number | undefined {
    const isDate = other instanceof DateObject && !(other instanceof DateTimeObject)
    return isDate ? order(this.micros, other.micros) : undefined
  }

  override hash(): string {
    return `${this.typeName} ${this.micros}`
  }

  override toPlain(): unknown {
    return this.str()
  }

  override operate(operator: Operator, other: unknown, side: 'left' | 'right'): unknown {
    if (other instanceof TimeDelta) {
      const whole = new TimeDelta(floorDivide(other.micros, MICROS_PER_DAY) * MICROS_PER_DAY)
      if (operator === '+') return new DateObject(this.micros + whole.micros)
      return operator === '-' && side === 'left' ? new DateObject(this.micros - whole.micros) : undefined
    }
    const isDate = other instanceof DateObject && !(other instanceof DateTimeObject)
    if (operator !== '-' || !isDate) return undefined
    return new TimeDelta(side === 'left' ? this.micros - other.micros : other.micros - this.micros)
  }
}

const DATE_PARTS = ['year', 'month', 'day'] as const
const TIME_PARTS = ['hour', 'minute', 'second', 'microsecond'] as const

function replacedMicros(
  fields: CalendarFields,
  parts: readonly (keyof CalendarFields)[],
  args: readonly unknown[],
  kwargs: ReadonlyMap<string, unknown>,
): bigint {
  const values = readArguments('replace', parts, args, kwargs)
  const changes = parts.flatMap((part, index) => (values[index] === undefined ? [] : [[part, Number(values[index])]]))
  return microsOf({ ...fields, ...Object.fromEntries(changes) })
}

/** A date with a time, with or without a zone: Python's `datetime`. */
export class DateTimeObject extends DateObject {
  override readonly typeName = 'datetime'
  readonly zone: TimeZone | undefined

  constructor(wallMicros: bigint, zone?: TimeZone) {
    super(wallMicros)
    this.zone = zone
  }

  /** A moment as clocks of the zone show it. */
  static atUtc(utcMicros: bigint, zone: TimeZone): DateTimeObject {
    return new DateTimeObject(wallOfUtc(zone, utcMicros), zone)
  }

  /** The moment in microseconds since 1970; without a zone, the clock is taken for UTC's. */
  get utcMicros(): bigint {
    return this.zone ? utcOfWall(this.zone, this.micros) : this.micros
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'hour':
      case 'minute':
      case 'second':
      case 'microsecond':
        return this.fields[name]
      case 'tzinfo':
        return this.zone ? new ZoneObject(this.zone) : null
      case 'isoformat':
        return hostFunction(name, (args, kwargs) =>
          this.isoFormat(readArguments(name, ['sep', 'timespec'], args, kwargs)),
        )
      case 'date':
        return hostFunction(name, () => new DateObject(this.micros - floorModulo(this.micros, MICROS_PER_DAY)))
      case 'time':
        return hostFunction(name, () => new TimeObject(floorModulo(this.micros, MICROS_PER_DAY)))
      case 'timestamp':
        return hostFunction(name, () => float(Number(this.utcMicros) / 1e6))
      case 'utcoffset':
        return hostFunction(name, () => this.utcOffset())
      case 'tzname':
        return hostFunction(name, () => this.zone?.at(this.utcMicros).name ?? null)
      case 'astimezone':
        return hostFunction(name, (args, kwargs) => {
          return DateTimeObject.atUtc(this.utcMicros, zoneOf(readArguments(name, ['tz'], args, kwargs)[0]) ?? UTC)
        })
      case 'replace':
        return hostFunction(name, (args, kwargs) => this.replaced(args, kwargs))
      default:
        return super.attr(name)
    }
  }

  override names(): Iterable<string> {
    return [...super.names(), ...TIME_PARTS, 'tzinfo', 'date', 'time', 'timestamp', 'utcoffset', 'tzname', 'astimezone']
  }

  override str(): string {
    return this.isoFormat([' '])
  }

  override repr(): string {
    const { year, month, day, hour, minute, second, microsecond } = this.fields
    const parts = [year, month, day, hour, minute]
    if (second !== 0 || microsecond !== 0) parts.push(second)
    if (microsecond !== 0) parts.push(microsecond)
    return `datetime.datetime(${parts.join(', ')}${this.zone ? `, tzinfo=<${this.zone.name}>` : ''})`
  }

  override format(spec: string): string {
    return spec === '' ? this.str() : strftime(this.fields, spec, this.zone?.at(this.utcMicros))
  }

  override compare(other: unknown): number | undefined {
    if (!(other instanceof DateTimeObject) || (other.zone === undefined) !== (this.zone === undefined)) return undefined
    return order(this.utcMicros, other.utcMicros)
  }

  override hash(): string {
    return `datetime ${this.utcMicros}`
  }

  override operate(operator: Operator, other: unknown, side: 'left' | 'right'): unknown {
    if (other instanceof TimeDelta) {
      if (operator === '+') return new DateTimeObject(this.micros + other.micros, this.zone)
      return operator === '-' && side === 'left' ? new DateTimeObject(this.micros - other.micros, this.zone) : undefined
    }
    if (operator !== '-' || !(other instanceof DateTimeObject)) return undefined
    if ((other.zone === undefined) !== (this.zone === undefined)) {
      throw new TemplateError("can't subtract offset-naive and offset-aware datetimes", { type: 'TypeError' })
    }
    return new TimeDelta(side === 'left' ? this.utcMicros - other.utcMicros : other.utcMicros - this.utcMicros)
  }

  private utcOffset(): unknown {
    return this.zone ? new TimeDelta(this.micros - this.utcMicros) : null
  }

  private isoFormat([separator, precision]: readonly unknown[]): string {
    const fields = this.fields
    const offset = this.zone ? offsetText(this.zone.at(this.utcMicros).offsetMinutes) : ''
    return `${dateText(fields)}${separator === undefined ? 'T' : str(separator)}${timeOfPrecision(fields, precision)}${offset}`
  }

  private replaced(args: readonly unknown[], kwargs: ReadonlyMap<string, unknown>): DateTimeObject {
    const others = new Map(kwargs)
    const zone = others.has('tzinfo') ? zoneOf(others.get('tzinfo')) : this.zone
    others.delete('tzinfo')
    return new DateTimeObject(replacedMicros(this.fields, [...DATE_PARTS, ...TIME_PARTS], args, others), zone)
  }
}

function timeOfPrecision(fields: CalendarFields, precision: unknown): string {
  const seconds = `${pad(fields.hour)}:${pad(fields.minute)}:${pad(fields.second)}`
  switch (precision) {
    case 'hours':
      return seconds.slice(0, 2)
    case 'minutes':
      return seconds.slice(0, 5)
    case 'seconds':
      return seconds
    case 'milliseconds':
      return `${seconds}.${pad(Math.floor(fields.microsecond / 1000), 3)}`
    case 'microseconds':
      return `${seconds}.${pad(fields.microsecond, 6)}`
    default:
      return timeText(fields)
  }
}

/** A zone: what `pytz.timezone(…)` and `datetime.timezone.utc` give. */
export class ZoneObject extends HostObject {
  readonly typeName = 'tzinfo'
  readonly zone: TimeZone

  constructor(zone: TimeZone) {
    super()
    this.zone = zone
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'zone':
        return this.zone.name
      case 'localize':
        return hostFunction(name, (args) => {
          if (args[0] instanceof DateTimeObject) return new DateTimeObject(args[0].micros, this.zone)
          throw new TemplateError('localize() takes a datetime.', { type: 'TypeError' })
        })
      case 'normalize':
        return hostFunction(name, (args) => args[0])
      default:
        return undefined
    }
  }

  override names(): Iterable<string> {
    return ['zone', 'localize', 'normalize']
  }

  override str(): string {
    return this.zone.name
  }

  override eq(other: unknown): boolean {
    return other instanceof ZoneObject && other.zone.name === this.zone.name
  }
}

/** The zone that an argument is; undefined for none. */
export function zoneOf(value: unknown): TimeZone | undefined {
  if (value instanceof ZoneObject) return value.zone
  if (value === undefined || value === null) return undefined
  throw new TemplateError('A time zone comes from modules.pytz or modules.datetime.timezone.', { type: 'TypeError' })
}

/** The zone of an offset such as `+05:30`, `+00` or `Z`. */
export function zoneOfOffset(offset: string): TimeZone {
  const minutes = offsetMinutesOf(/^[+-]\d\d$/.test(offset) ? `${offset}00` : offset)
  return minutes === 0 ? UTC : fixedZone(minutes, `UTC${offsetText(minutes)}`)
}
