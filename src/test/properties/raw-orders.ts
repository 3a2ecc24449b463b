import fc from 'fast-check'
import type { TemporaryProject } from '../temporary-project.ts'

/** An order as another program delivers it: in several versions, some of them late, some of them again. */
export interface RawOrder {
  readonly order: number
  /** Late rows are those of an older version than one that came before. */
  readonly version: number
  readonly isOpen: boolean
  readonly status: string | null
  readonly amount: number | null
}

/** Few values, so that rows that are delivered again are not rare. */
const rawOrder: fc.Arbitrary<RawOrder> = fc.record({
  order: fc.nat(2),
  version: fc.nat(2),
  isOpen: fc.boolean(),
  status: fc.constantFrom('open', 'paid', null),
  amount: fc.constantFrom(1, 20, null),
})

/** The orders of one delivery, some of them twice. */
export const delivery: fc.Arbitrary<readonly RawOrder[]> = fc
  .array(fc.tuple(rawOrder, fc.constantFrom(1, 1, 1, 2)), { maxLength: 4 })
  .map((orders) => orders.flatMap(([order, times]) => Array.from({ length: times }, () => order)))

export const SOURCE_OF_ORDERS = `sources:
  - name: raw
    schema: main
    tables: [{ name: raw_orders }]
`

/** Puts a delivery into `main.raw_orders`, which the first one makes. `loaded` is the number of the delivery. */
export async function deliver(project: TemporaryProject, orders: readonly RawOrder[], loaded: number): Promise<void> {
  if (loaded === 0) {
    await project.change(`create schema if not exists main;
create table main.raw_orders (order_id integer, store integer, version integer, is_open boolean, status varchar, amount integer, loaded integer, seq integer)`)
  }
  if (orders.length === 0) return
  const rows = orders.map(({ order, version, isOpen, status, amount }, index) => {
    const quoted = status === null ? 'null' : `'${status}'`
    return `(${order}, ${order % 2}, ${version}, ${isOpen}, ${quoted}, ${amount}, ${loaded}, ${loaded * 100 + index})`
  })
  await project.change(
    `insert into main.raw_orders (order_id, store, version, is_open, status, amount, loaded, seq) values ${rows.join(', ')}`,
  )
}
