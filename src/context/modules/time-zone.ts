import { MICROS_PER_SECOND, microsOf } from './calendar.ts'
import type { ZoneAt } from './strftime.ts'

const MICROS_PER_MINUTE = 60n * MICROS_PER_SECOND

/** A zone of time: UTC, a fixed offset, or one of the IANA database. */
export interface TimeZone {
  /** `UTC`, `Europe/Lisbon`, `UTC+05:30`. */
  readonly name: string
  /** How the zone is at a moment of UTC, in microseconds since 1970. */
  at(utcMicros: bigint): ZoneAt
}

export const UTC: TimeZone = { name: 'UTC', at: () => ({ name: 'UTC', offsetMinutes: 0 }) }

export function fixedZone(offsetMinutes: number, name: string): TimeZone {
  return { name, at: () => ({ name, offsetMinutes }) }
}

/** A zone by its IANA name, or undefined where there is none of that name. */
export function findZone(name: string): TimeZone | undefined {
  if (name.toUpperCase() === 'UTC') return UTC
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      timeZoneName: 'short',
    })
  } catch {
    // Intl has no other way to say that it does not know the name.
    return undefined
  }
  return { name, at: (utcMicros) => zoneAt(format, utcMicros) }
}

function zoneAt(format: Intl.DateTimeFormat, utcMicros: bigint): ZoneAt {
  const seconds = utcMicros - (((utcMicros % MICROS_PER_SECOND) + MICROS_PER_SECOND) % MICROS_PER_SECOND)
  const parts = new Map(format.formatToParts(Number(seconds / 1000n)).map((part) => [part.type, part.value]))
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type))
  const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year')
  const local = microsOf({
    year,
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
    second: number('second'),
    microsecond: 0,
  })
  return { name: parts.get('timeZoneName') ?? '', offsetMinutes: Number((local - seconds) / MICROS_PER_MINUTE) }
}

/** The moment of UTC at which clocks of the zone show a wall-clock time; the earlier one where they show it twice. */
export function utcOfWall(zone: TimeZone, wallMicros: bigint): bigint {
  const offsetAt = (utc: bigint) => BigInt(zone.at(utc).offsetMinutes) * MICROS_PER_MINUTE
  const day = 24n * 60n * MICROS_PER_MINUTE
  // The offsets of the days around are the only two that can be meant.
  for (const offset of [offsetAt(wallMicros - day), offsetAt(wallMicros + day)]) {
    if (offsetAt(wallMicros - offset) === offset) return wallMicros - offset
  }
  return wallMicros - offsetAt(wallMicros - day)
}

/** What clocks of the zone show at a moment of UTC. */
export function wallOfUtc(zone: TimeZone, utcMicros: bigint): bigint {
  return utcMicros + BigInt(zone.at(utcMicros).offsetMinutes) * MICROS_PER_MINUTE
}

/** Now, to the millisecond that JavaScript knows. */
export function nowMicros(): bigint {
  return BigInt(Date.now()) * 1000n
}
