import { microsOf } from './calendar.ts'
import { DateObject, DateTimeObject, zoneOfOffset } from './datetime-objects.ts'

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i

/** A date of ISO 8601, or undefined. */
export function dateOfIso(text: string): DateObject | undefined {
  const match = ISO.exec(text)
  return match && match[4] === undefined ? new DateObject(isoMicros(match)) : undefined
}

/** A date and time of ISO 8601, with a zone where the text has an offset; or undefined. Digits below microseconds are cut. */
export function dateTimeOfIso(text: string): DateTimeObject | undefined {
  const match = ISO.exec(text)
  if (!match) return undefined
  const offset = match[8]
  return new DateTimeObject(isoMicros(match), offset === undefined ? undefined : zoneOfOffset(offset))
}

function isoMicros(match: RegExpExecArray): bigint {
  const number = (index: number) => Number(match[index] ?? 0)
  return microsOf({
    year: number(1),
    month: number(2),
    day: number(3),
    hour: number(4),
    minute: number(5),
    second: number(6),
    microsecond: Number((match[7] ?? '').slice(0, 6).padEnd(6, '0')),
  })
}
