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
    const told = async (sql: string) => {
      const lineage = await connection.lineageOf(sql)
      return lineage && writeLineage(lineage)
    }
    await connection.execute('create table customers (id integer, name varchar, country varchar)')
    await connection.execute('create table orders (id integer, customer_id integer, amount integer, status varchar)')
    const paid = await told(`
      with paid as (select customer_id, amount from orders where status = 'paid')
      select c.id, c.name as label, upper(c.country) as country, sum(p.amount) as total, count(*) as n
      from customers as c
      left join paid as p on p.customer_id = c.id
      group by c.id, c.name, c.country`)
    expect(paid).toEqual({
      columns: {
        id: '=customers.id',
        label: '=customers.name',
        country: '~customers.country',
        total: '~orders.amount',
        n: '',
      },
      // The orders of a customer decide how often he comes, and not that he does.
      rows: [
        'filtered orders.status for total n',
        'grouped customers.country',
        'grouped customers.id',
        'grouped customers.name',
        'joined customers.id for total n',
        'joined orders.customer_id for total n',
      ].join(', '),
    })
    const latest = await told(`
      with numbered as (
        select *, row_number() over (partition by customer_id order by status, id desc) as copy from orders where amount > 0
      )
      select customer_id, status, upper(status) as label, amount, copy from numbered where copy = 1`)
    expect(latest).toEqual({
      columns: {
        customer_id: '=orders.customer_id',
        status: '=orders.status',
        label: '~orders.status',
        amount: '=orders.amount',
        copy: '',
      },
      // One row for each customer; the order decides which one, and its later key not what the first one is there.
      rows: [
        'filtered orders.amount',
        'grouped orders.customer_id',
        'ordered orders.id for amount',
        'ordered orders.status for status label amount',
      ].join(', '),
    })
    const joined = await told(`
      with latest as (
        select * from (
          select *, row_number() over (partition by customer_id order by id) as copy from orders
        ) as numbered where copy = 1
      )
      select c.id, l.status from customers as c left join latest as l on l.customer_id = c.id`)
    expect(joined).toEqual({
      columns: { id: '=customers.id', status: '=orders.status' },
      rows: [
        'grouped orders.customer_id for status',
        'joined customers.id',
        'joined orders.customer_id for status',
        'ordered orders.id for status',
      ].join(', '),
    })
    const wrong = 'select name, nope from customers'
    const error = await connection.lineageOf(wrong).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'DatabaseError', unknownName: 'nope', position: wrong.indexOf('nope') })
  })
}
