import { expect, test } from 'vitest'
import type { Connection } from '../../adapters/adapter.ts'
import { writeLineage } from './written-lineage.ts'

/**
 * What every engine that knows the lineage of queries says of one that has a bit of everything. Apart from the contract of
 * adapters while there is an engine that does not know it.
 */
export function lineageContract(name: string, connect: () => Promise<Connection>): void {
  test(`${name} knows where the columns of a query come from`, async () => {
    const connection = await connect()
    await connection.execute('create table customers (id integer, name varchar, country varchar)')
    await connection.execute('create table orders (id integer, customer_id integer, amount integer, status varchar)')
    const lineage = await connection.lineageOf(`
      with paid as (select customer_id, amount from orders where status = 'paid')
      select c.id, c.name as label, upper(c.country) as country, sum(p.amount) as total, count(*) as n
      from customers as c
      left join paid as p on p.customer_id = c.id
      group by c.id, c.name, c.country`)
    expect(lineage && writeLineage(lineage)).toEqual({
      columns: {
        id: '=customers.id',
        label: '=customers.name',
        country: '~customers.country',
        total: '~orders.amount',
        n: '',
      },
      rows: [
        'filtered orders.status',
        'grouped customers.country',
        'grouped customers.id',
        'grouped customers.name',
        'joined customers.id',
        'joined orders.customer_id',
      ].join(', '),
    })
    const wrong = 'select name, nope from customers'
    const error = await connection.lineageOf(wrong).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'DatabaseError', unknownName: 'nope', position: wrong.indexOf('nope') })
  })
}
