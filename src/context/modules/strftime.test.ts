import { expect, test } from 'vitest'
import { strftime, strptime } from './strftime.ts'

const EVERYTHING = '%a %A %b %B|%d %-d|%j %U %W %G-W%V-%u %w|%H %I %p %M %S %f|%y %Y|%F %T %D %R|%q %%|%e|%Z%z'

// Expected texts are Python 3.11's.
test.each([
  [
    { year: 2024, month: 2, day: 29, hour: 13, minute: 4, second: 5, microsecond: 120 },
    'Thu Thursday Feb February|29 29|060 08 09 2024-W09-4 4|13 01 PM 04 05 000120|24 2024|2024-02-29 13:04:05 02/29/24 13:04|%q %|29|',
  ],
  [
    { year: 2021, month: 1, day: 3, hour: 0, minute: 0, second: 0, microsecond: 0 },
    'Sun Sunday Jan January|03 3|003 01 00 2020-W53-7 0|00 12 AM 00 00 000000|21 2021|2021-01-03 00:00:00 01/03/21 00:00|%q %| 3|',
  ],
])('formats as Python does: %j', (fields, expected) => {
  expect(strftime(fields, EVERYTHING)).toBe(expected)
})

test('names the zone', () => {
  const noon = { year: 2024, month: 7, day: 1, hour: 12, minute: 0, second: 0, microsecond: 0 }
  expect(strftime(noon, '%H:%M %Z %z', { name: 'EDT', offsetMinutes: -240 })).toBe('12:00 EDT -0400')
})

test('reads what a format says', () => {
  expect(strptime('Feb 29 2024 01:04 PM', '%b %d %Y %I:%M %p')).toEqual({
    fields: { year: 2024, month: 2, day: 29, hour: 13, minute: 4, second: 0, microsecond: 0 },
  })
  expect(strptime('2024-02-29T13:04:05.12+0530', '%Y-%m-%dT%H:%M:%S.%f%z')).toEqual({
    fields: { year: 2024, month: 2, day: 29, hour: 13, minute: 4, second: 5, microsecond: 120_000 },
    offsetMinutes: 330,
  })
  expect(strptime('31/12/69', '%d/%m/%y')?.fields.year).toBe(1969)
})

test('gives nothing for text of another form', () => {
  expect(strptime('2024-02', '%Y-%m-%d')).toBeUndefined()
  expect(strptime('2024-02-29 ', '%Y-%m-%d')).toBeUndefined()
})
