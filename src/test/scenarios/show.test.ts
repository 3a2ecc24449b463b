import { expect, test } from 'vitest'
import { area } from './engines.ts'

const FILES = {
  'seeds/numbers.csv': `n\n${Array.from({ length: 12 }, (_, index) => index + 1).join('\n')}\n`,
  'models/squares.sql': `{{ config(unique_key='n') }} select n, n * n as square from {{ ref('numbers') }}`,
  'models/doubled.sql': `{{ config(materialized='ephemeral') }} select n * 2 as n from {{ ref('numbers') }}`,
  'models/limited.sql': `select n from {{ ref('numbers') }} order by n limit 3`,
}

area('dbt_show', ({ project }) => {
  const numbers = (text: string) =>
    text
      .split('\n')
      .slice(3)
      .flatMap((line) => line.match(/\d+/g)?.[0] ?? [])
      .map(Number)

  test('five rows by default, as many as the limit says, or all', async () => {
    const shop = await project(FILES)
    await shop.run()
    const shown = async (...argv: string[]) => numbers((await shop.lavra('show', '--select', 'squares', ...argv)).text)
    expect(await shown()).toEqual([1, 2, 3, 4, 5])
    expect(await shown('--limit', '2')).toEqual([1, 2])
    expect(await shown('--limit', '-1')).toHaveLength(12)
    const json = await shop.lavra('show', '--select', 'squares', '--limit', '1', '--output', 'json')
    expect(JSON.parse(json.text)).toEqual({ node: 'squares', show: [{ n: 1, square: 1 }] })
  })

  test('inline queries, ephemeral models and seeds are shown', async () => {
    const shop = await project(FILES)
    await shop.run()
    const inline = await shop.lavra('show', '--inline', `select max(n) as most from {{ ref('doubled') }}`)
    expect([inline.code, numbers(inline.text)]).toEqual([0, [24]])
    expect(
      numbers((await shop.lavra('show', '--select', 'doubled', '--limit', '20')).text).sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 12 }, (_, index) => 2 * (index + 1)))
    expect(numbers((await shop.lavra('show', '--select', 'numbers', '--limit', '1')).text)).toHaveLength(1)
  })

  test('a query with a limit of its own cannot have a second one, and is shown whole with --limit -1', async () => {
    const shop = await project(FILES)
    await shop.run()
    const twice = await shop.lavra('show', '--select', 'limited')
    expect([twice.code, twice.text]).toEqual([2, expect.stringContaining('error[database] models/limited.sql:1')])
    const once = await shop.lavra('show', '--select', 'limited', '--limit', '-1')
    expect([once.code, numbers(once.text)]).toEqual([0, [1, 2, 3]])
  })

  test('a sql_header runs before the query', async () => {
    const shop = await project({
      'models/zoned.sql': `{{ config(sql_header="set timezone to 'Asia/Kolkata';") }}
select cast(cast('2026-01-05 12:00:00+00' as timestamp with time zone) as varchar) as moment`,
    })
    await shop.run()
    expect((await shop.lavra('show', '--select', 'zoned')).text).toContain('2026-01-05 17:30:00+05:30')
  })

  test('compile prints the SQL that would run', async () => {
    const shop = await project(FILES)
    await shop.run()
    const compiled = await shop.lavra('compile', '--inline', `select * from {{ ref('squares') }}`)
    expect([compiled.code, compiled.text.trim()]).toEqual([
      0,
      expect.stringMatching(/select \* from ".+"\."main"\."squares"$/),
    ])
  })
})
