import { expect, test } from 'vitest'
import { dateText, fieldsOf, microsOf, offsetText, timeText } from './calendar.ts'
import { findZone, utcOfWall, wallOfUtc } from './time-zone.ts'

function wall(year: number, month: number, day: number, hour = 0, minute = 0): bigint {
  return microsOf({ year, month, day, hour, minute, second: 0, microsecond: 7 })
}

function show(micros: bigint): string {
  return `${dateText(fieldsOf(micros))} ${timeText(fieldsOf(micros))}`
}

// Expected moments are those of Python's zoneinfo.
test.each([
  ['Asia/Kolkata', wall(2024, 1, 1), '2023-12-31 18:30:00.000007', '+05:30'],
  ['America/New_York', wall(2024, 7, 1, 12), '2024-07-01 16:00:00.000007', '-04:00'],
  // Shown twice that night: the earlier one.
  ['America/New_York', wall(2024, 11, 3, 1, 30), '2024-11-03 05:30:00.000007', '-04:00'],
])('%s at a wall-clock time', (name, wallMicros, utc, offset) => {
  const zone = findZone(name)!
  const utcMicros = utcOfWall(zone, wallMicros)
  expect(show(utcMicros)).toBe(utc)
  expect(offsetText(zone.at(utcMicros).offsetMinutes)).toBe(offset)
  expect(wallOfUtc(zone, utcMicros)).toBe(wallMicros)
})

test('knows no zone by a name that does not exist', () => {
  expect(findZone('Europe/Atlantis')).toBeUndefined()
})
