import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connection } from '../../adapters/adapter.ts'
import { createDuckdbAdapter } from '../../adapters/duckdb/adapter.ts'
import type { NodeConfig } from '../../config/node-config.ts'
import { UserError } from '../../diagnostics/errors.ts'
import { buildOn, contents, run } from '../../test/materialize.ts'

/**
 * What tests see is what readers get: for every strategy, every way of changing columns and any batches, the candidate
 * holds exactly the rows, columns and types that the table has after publication.
 */

const adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
let connection: Connection

beforeAll(async () => {
  await adapter.open({ mode: 'write', runId: 'property', waitMs: 0 })
  connection = await adapter.connect()
})

afterAll(() => adapter.close())

const COLUMNS = ['id', 'day', 'status', 'amount', 'currency'] as const
type Column = (typeof COLUMNS)[number]

/** Values of a column; the types of `amount` differ from batch to batch. */
const LITERALS: Readonly<Record<Column, readonly string[]>> = {
  id: ['1', '2', '3', '4'],
  day: ["date '2020-02-01'", "date '2020-02-02'"],
  status: ["'open'", "'paid'", 'cast(null as varchar)'],
  amount: ['1', '20', 'null'],
  currency: ["'BRL'", 'cast(null as varchar)'],
}
const AMOUNT_TYPES = ['integer', 'bigint', 'decimal(10,2)', 'smallint'] as const

interface Batch {
  readonly columns: readonly Column[]
  readonly amountType: (typeof AMOUNT_TYPES)[number]
  readonly rows: readonly (readonly number[])[]
}

const batch: fc.Arbitrary<Batch> = fc.record({
  columns: fc
    .subarray(['status', 'amount', 'currency'] as const)
    .chain((columns) => fc.shuffledSubarray(['id', 'day', ...columns] as const, { minLength: 2 + columns.length })),
  amountType: fc.constantFrom(...AMOUNT_TYPES),
  rows: fc.array(fc.array(fc.nat(11), { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 5 }),
})

const config = fc.record({
  incremental_strategy: fc.constantFrom('append', 'delete+insert', 'merge', undefined),
  unique_key: fc.constantFrom('id', ['id', 'day'], ['day'], undefined),
  on_schema_change: fc.constantFrom('ignore', 'append_new_columns', 'sync_all_columns', 'fail'),
  incremental_predicates: fc.constantFrom(undefined, ["DBT_INTERNAL_DEST.day > date '2020-02-01'"]),
  updated: fc.constantFrom(undefined, 'merge_update_columns', 'merge_exclude_columns'),
  indexes: fc.constantFrom(undefined, [{ columns: ['id'] }]),
})

function selectOf({ columns, amountType, rows }: Batch): string {
  const selects = rows.map((row) => {
    const values = columns.map((column, index) => {
      const literals = LITERALS[column]
      const value = literals[row[index]! % literals.length]
      return `${column === 'amount' ? `cast(${value} as ${amountType})` : value} as ${column}`
    })
    return `select ${values.join(', ')}`
  })
  return selects.join('\nunion all\n')
}

test('the candidate is the table as it will be', async () => {
  let published = 0
  await fc.assert(
    fc.asyncProperty(batch, fc.array(batch, { minLength: 1, maxLength: 2 }), config, async (first, later, choices) => {
      const { updated, ...others } = choices
      const defined = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined))
      const settings: Partial<NodeConfig> = {
        ...defined,
        ...(updated ? { [updated]: ['day'] } : {}),
        materialized: 'incremental',
      }
      await connection.execute('drop table if exists main.orders')
      await run(connection, { name: 'orders', config: settings, sql: selectOf(first) })
      for (const next of later) {
        const built = await buildOn(connection, { name: 'orders', config: settings, sql: selectOf(next) }).catch(
          refused,
        )
        if (!built) continue
        const shown = await contents(connection, built.candidate)
        await built.publish()
        expect(await contents(connection, { schema: 'main', identifier: 'orders' })).toEqual(shown)
        published++
      }
    }),
    { numRuns: 150 },
  )
  // Refusals must not be all that was tried.
  expect(published).toBeGreaterThan(50)
})

/** Batches with duplicate keys, missing columns and changed schemas are refused, which is right too. */
function refused(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error
}
