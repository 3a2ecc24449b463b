import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TemporaryProject } from '../temporary-project.ts'
import { checkProperty, PROPERTY_TIMEOUT } from './check-property.ts'
import { contentsOf, type RelationContents } from './contents.ts'
import { PROPERTY_ENGINES } from './property-engines.ts'
import { deliver, delivery, type RawOrder, SOURCE_OF_ORDERS } from './raw-orders.ts'

/**
 * Columns appear, get wider and go while orders are delivered. Wherever `on_schema_change` follows the model, the table
 * ends as a full refresh makes it.
 */

const WAYS = ['ignore', 'append_new_columns', 'sync_all_columns', 'fail'] as const
const STRATEGIES = ['delete+insert', 'merge'] as const

type Way = (typeof WAYS)[number]

const TABLES = WAYS.flatMap((way) =>
  STRATEGIES.map((strategy) => ({ way, strategy, name: `${way}_by_${strategy.replace('+', '_')}` })),
)

/** The latest version of every order that was delivered. `ignore` and `fail` do without a column for nothing. */
function latestOrders({ way, strategy }: (typeof TABLES)[number]): string {
  const mayLose = way === 'append_new_columns' || way === 'sync_all_columns'
  return `{{ config(materialized='incremental', unique_key='order_id', incremental_strategy='${strategy}', on_schema_change='${way}') }}
select
  order_id,
  version,
  last_loaded as loaded,
  {% if var('is_wide') %} cast(amount as bigint) as amount {% else %} amount {% endif %}
  ${mayLose ? `{% if not var('has_no_status') %}, status {% endif %}` : ', status'}
  {% if var('has_coupon') %}, coupon {% endif %}
from (
  select
    delivered.*,
    max(loaded) over (partition by order_id) as last_loaded,
    row_number() over (partition by order_id order by version desc, seq desc) as place
  from {{ source('raw', 'raw_orders') }} as delivered
  {% if is_incremental() %}
  where order_id in (
    select order_id from {{ source('raw', 'raw_orders') }}
    where loaded > (select coalesce(max(loaded), -1) from {{ this }})
  )
  {% endif %}
) as ranked
where place = 1`
}

const FILES = {
  'models/sources.yml': SOURCE_OF_ORDERS,
  ...Object.fromEntries(TABLES.map((table) => [`models/${table.name}.sql`, latestOrders(table)])),
}

/** The run from which on the models have each change. */
interface Changes {
  readonly hasCoupon: number
  readonly isWide: number
  readonly hasNoStatus: number
}

const RUNS = 4
const changes: fc.Arbitrary<Changes> = fc.record({
  hasCoupon: fc.nat(RUNS),
  isWide: fc.nat(RUNS),
  hasNoStatus: fc.nat(RUNS),
})
const deliveries = fc.array(delivery, { minLength: 2, maxLength: RUNS })

test.each(PROPERTY_ENGINES)(
  'a table whose model has other columns now ends as a full refresh makes it, on $name',
  { timeout: PROPERTY_TIMEOUT },
  async (engine) => {
    await checkProperty(
      fc.asyncProperty(deliveries, changes, async (batches, when) => {
        const project = await TemporaryProject.make(FILES, engine)
        try {
          const [afterEach, refreshed] = await deliverAll(project, batches, when)
          for (const { name, way } of TABLES) {
            if (way === 'fail') expectNothingAfterTheFirstChange(name, afterEach, when)
            else expectAlike(way, afterEach.at(-1)?.get(name), refreshed.get(name))
          }
        } finally {
          await project.remove()
        }
      }),
      6,
    )
  },
)

type Contents = Awaited<ReturnType<typeof contentsOf>>

/** What stands after each run, and after a full refresh at the end. */
async function deliverAll(
  project: TemporaryProject,
  batches: readonly (readonly RawOrder[])[],
  when: Changes,
): Promise<readonly [readonly Contents[], Contents]> {
  const afterEach: Contents[] = []
  let vars = ''
  for (const [run, orders] of batches.entries()) {
    await deliver(project, orders, run)
    if (run === when.hasCoupon) await project.change('alter table main.raw_orders add column coupon varchar')
    if (run >= when.hasCoupon) await project.change(`update main.raw_orders set coupon = status where loaded = ${run}`)
    vars = `{has_coupon: ${run >= when.hasCoupon}, is_wide: ${run >= when.isWide}, has_no_status: ${run >= when.hasNoStatus}}`
    await project.run({ vars, publish: 'passing' })
    afterEach.push(await contentsOf(project))
  }
  await project.run({ vars, fullRefresh: true })
  return [afterEach, await contentsOf(project)]
}

/** `fail` lets no change of columns through: the table stays as it was when they were last those of the model. */
function expectNothingAfterTheFirstChange(name: string, afterEach: readonly Contents[], when: Changes): void {
  const changed = [when.hasCoupon, when.isWide].filter((run) => run > 0)
  const before = Math.min(afterEach.length, ...changed) - 1
  expect(afterEach.at(-1)?.get(name)).toEqual(afterEach[before]?.get(name))
}

/** `ignore` may lack what is new, `append_new_columns` may keep what is gone; the rest is the same. */
function expectAlike(
  way: Way,
  incremental: RelationContents | undefined,
  refreshed: RelationContents | undefined,
): void {
  const columns = incremental?.columns ?? []
  const wanted = refreshed?.columns ?? []
  const shared = wanted.filter((column) => columns.includes(column))
  if (way !== 'append_new_columns') expect(columns).toEqual(shared)
  if (way !== 'ignore') expect(wanted).toEqual(shared)
  expect(only(shared, incremental)).toEqual(only(shared, refreshed))
}

function only(columns: readonly string[], contents: RelationContents | undefined): readonly string[] {
  const positions = columns.map((column) => contents?.columns.indexOf(column) ?? -1)
  const rows = contents?.rows.map((row) => row.split(' | ')) ?? []
  return rows.map((row) => positions.map((position) => row[position]).join(' | ')).sort()
}
