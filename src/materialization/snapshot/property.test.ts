import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connection } from '../../adapters/adapter.ts'
import { createDuckdbAdapter } from '../../adapters/duckdb/adapter.ts'
import type { NodeConfig } from '../../config/node-config.ts'
import { buildOn, contents } from '../../test/materialize.ts'

const adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
let connection: Connection

beforeAll(async () => {
  await adapter.open({ mode: 'write', runId: 'property', waitMs: 0 })
  connection = await adapter.connect()
})

afterAll(() => adapter.close())

const customers = { schema: 'main', identifier: 'customers' }

/** The city of each customer on one day; null where there is no such customer. */
const day = fc.array(fc.constantFrom('Recife', 'Natal', 'Olinda', null), { minLength: 3, maxLength: 3 })

const config = fc.record({
  strategy: fc.constantFrom('timestamp', 'check'),
  hard_deletes: fc.constantFrom('ignore', 'invalidate', 'new_record'),
  dbt_valid_to_current: fc.constantFrom(undefined, "cast('9999-12-31' as timestamp)"),
})

/** A city that is the same as the day before was last changed when it was. */
function sourceOf(days: readonly (readonly (string | null)[])[], index: number): string {
  const rows = days[index]!.flatMap((city, id) => {
    if (city === null) return []
    let since = index
    while (since > 0 && days[since - 1]![id] === city) since--
    return [`(${id}, '${city}', make_timestamp(2020, 2, ${since + 1}, 0, 0, 0))`]
  })
  if (rows.length === 0)
    return `select 0 as id, '' as city, make_timestamp(2020, 2, 1, 0, 0, 0) as changed_at where false`
  return `select * from (values ${rows.join(', ')}) as t(id, city, changed_at)`
}

test('the current versions are the rows of the query, what has ended never changes, and the candidate shows both', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(day, { minLength: 2, maxLength: 5 }), config, async (days, choices) => {
      const { dbt_valid_to_current, ...rest } = choices
      const settings: Partial<NodeConfig> = {
        ...rest,
        unique_key: 'id',
        ...(choices.strategy === 'timestamp' ? { updated_at: 'changed_at' } : { check_cols: ['city'] }),
        ...(dbt_valid_to_current === undefined ? {} : { dbt_valid_to_current }),
      }
      await connection.execute('drop table if exists main.customers')
      let ended: readonly string[] = []
      for (const index of days.keys()) {
        const runStartedAt = `2020-02-${String(index + 1).padStart(2, '0')}T00:00:00.000Z`
        const sql = sourceOf(days, index)
        const built = await buildOn(connection, {
          name: 'customers',
          kind: 'snapshot',
          config: settings,
          sql,
          runStartedAt,
        })
        const shown = await contents(connection, built.candidate)
        await built.publish()
        expect(await contents(connection, customers)).toEqual(shown)
        expect(await currentCities(settings)).toEqual(expectedCities(days, index, settings))
        const endedNow = await endedVersions()
        expect(endedNow).toEqual(expect.arrayContaining([...ended]))
        ended = endedNow
      }
    }),
    { numRuns: 60 },
  )
})

const CURRENT = "(dbt_valid_to is null or dbt_valid_to = cast('9999-12-31' as timestamp))"

async function currentCities(settings: Partial<NodeConfig>): Promise<readonly string[]> {
  const isThere = settings.hard_deletes === 'new_record' ? "and dbt_is_deleted = 'False'" : ''
  const { rows } = await connection.query(
    `select id, city from main.customers where ${CURRENT} ${isThere} order by all`,
  )
  return rows.map((row) => row.join(' '))
}

/** Where deletions are ignored, a customer that is gone stays as it was last seen. */
function expectedCities(
  days: readonly (readonly (string | null)[])[],
  index: number,
  settings: Partial<NodeConfig>,
): readonly string[] {
  return [0, 1, 2].flatMap((id) => {
    const seen = days.slice(0, index + 1).map((cities) => cities[id])
    const last = settings.hard_deletes === 'ignore' ? seen.findLast((city) => city !== null) : seen.at(-1)
    return last ? [`${id} ${last}`] : []
  })
}

async function endedVersions(): Promise<readonly string[]> {
  const { rows } = await connection.query(
    `select id, city, dbt_scd_id, dbt_valid_from, dbt_valid_to from main.customers where not ${CURRENT} order by all`,
  )
  return rows.map((row) => row.map(String).join(' '))
}
