import { expect, test } from 'vitest'
import { readAllowances } from './read-allowances.ts'

test.each([
  ['select 1 -- lavra: allow cte-unused kept by hand', 'line 1: cte-unused (kept by hand)'],
  ['select 1,\n-- lavra: allow cte-unused: kept by hand\n2', 'line 3: cte-unused (kept by hand)'],
  ['select 1,\n-- lavra: allow cte-unused kept\n\n-- another comment\n2', 'line 5: cte-unused (kept)'],
  ['select 1,\n/* lavra: allow cte-unused, join-types kept */\n2', 'line 3: cte-unused, join-types (kept)'],
  ['select 1,\n{#- lavra: allow cte-unused\n  kept by hand -#}\n2', 'line 4: cte-unused (kept by hand)'],
  ['{{ config() }}\n{# lavra: allow cte-unused kept #}\nselect 1', 'line 3: cte-unused (kept)'],
  ['-- a comment\n{# lavra: allow cte-unused kept #}\n\nselect 1', 'the file: cte-unused (kept)'],
  ['models:\n  # lavra: allow key-untested it is a view\n  - name: orders', 'line 3: key-untested (it is a view)'],
  ['select 1 --lavra:allow cte-unused, it is kept', 'line 1: cte-unused (it is kept)'],
  ['select 1 -- lavra: allow cte-unused', 'line 1: cte-unused ()'],
  ['select 1 -- lavra: allow', 'line 1:  ()'],
  ['select 1 -- lavra allows nothing here', ''],
])('%j', (text, expected) => {
  const found = readAllowances({ path: 'models/orders.sql', text })
  const shown = found.map(({ line, codes, reason }) => {
    const where = line === undefined ? 'the file' : `line ${line}`
    return `${where}: ${codes.map(({ code }) => code).join(', ')} (${reason})`
  })
  expect(shown.join('; ')).toBe(expected)
})

test('places are those of the comment and of each code', () => {
  const text = 'select 1 -- lavra: allow cte-unused, join-types kept\nfrom orders'
  const [found] = readAllowances({ path: 'models/orders.sql', text })
  const at = ({ start, end }: { readonly start: number; readonly end: number }) => text.slice(start, end)
  expect(at(found!.place)).toBe('-- lavra: allow cte-unused, join-types kept')
  expect(found!.codes.map(({ place }) => at(place))).toEqual(['cte-unused', 'join-types'])
})
