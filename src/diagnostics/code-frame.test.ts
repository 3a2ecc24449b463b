import { describe, expect, test } from 'vitest'
import { type SourceFile, span } from '../text/source-file.ts'
import { codeFrame } from './code-frame.ts'

const file: SourceFile = { path: 'models/orders.sql', text: "select *\nfrom\n\t{{ ref('stg_order') }}\nwhere true\n" }

test('a place is underlined below its line and the line before', () => {
  expect(codeFrame(placeOf("'stg_order'"))).toBe(`\
2 | from
3 |  {{ ref('stg_order') }}
  |         ~~~~~~~~~~~`)
})

test('a place of several lines is underlined to the end of its first line', () => {
  expect(codeFrame(span(file, 0, file.text.length))).toBe('1 | select *\n  | ~~~~~~~~')
})

test('the end of a file is a place', () => {
  expect(codeFrame(span(file, file.text.length))).toBe('4 | where true\n5 |\n  | ~')
})

describe('a very long line', () => {
  const long: SourceFile = { path: 'manifest.json', text: `{${'x'.repeat(500)}!${'y'.repeat(500)}}` }

  test('is cut around the place', () => {
    expect(codeFrame(span(long, 501, 502)).split('\n')).toEqual([
      `1 | …${'x'.repeat(39)}!${'y'.repeat(119)}…`,
      `  | ${' '.repeat(40)}~`,
    ])
  })

  test('is shown from its start when the place is near', () => {
    expect(codeFrame(span(long, 0, 1)).split('\n')).toEqual([`1 | {${'x'.repeat(159)}…`, '  | ~'])
  })

  test('that is marked whole is marked as far as it is shown', () => {
    expect(codeFrame(span(long, 0, 1000)).split('\n')[1]).toBe(`  | ${'~'.repeat(160)}`)
  })
})

function placeOf(text: string) {
  const start = file.text.indexOf(text)
  return span(file, start, start + text.length)
}
