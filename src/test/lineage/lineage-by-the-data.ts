import { expect, test } from 'vitest'
import type { Connection } from '../../adapters/adapter.ts'
import { figuresOf } from './figures.ts'
import {
  type GeneratedQuery,
  generateQueries,
  ORACLE_TABLES,
  PART_TABLES,
  type QueryStep,
} from './generated-queries.ts'
import { askTheData, type Budget, type OracleReport, type Subject } from './oracle.ts'
import type { OracleTable } from './oracle-data.ts'
import { querySubject } from './query-subject.ts'

/** Rows that are numbered or repeated, in every way that decides differently about them. */
const WRITTEN_FOR_ALL = [
  ...[
    'n = 1 and status = $$a$$',
    'n <= customer_id',
    'n > 1 or amount > 2',
    'n = 2 and id in (select id from customers)',
    'coalesce(n, 0) + 0 = 1',
  ].map(
    (filter) => `select customer_id, upper(status) as status, id from (
      select *, row_number() over (partition by customer_id order by amount, status, id) as n from orders
    ) as o where ${filter}`,
  ),
  `select customer_id, status, n, m from (
     select *, row_number() over (partition by customer_id order by status, amount, id) as n,
       row_number() over (partition by status order by amount, customer_id, id) as m from orders
   ) as o where n = 1 and m <= 2`,
  `select x, y from (
     select customer_id + 1 as x, amount - 1 as y, status, row_number() over (partition by customer_id + 1 order by amount, id) as n
     from orders where id > 1
   ) as o where n = 1 and status is not null`,
  `select customer_id, n from (
     select customer_id, count(*) as items, row_number() over (order by count(*), customer_id) as n from orders group by customer_id
   ) as o where n <= 2`,
  `select n, status from (
     select status, row_number() over (partition by customer_id order by status, amount, id) as n from orders
   ) as o`,
  `select sum(n) as total, max(status) as status from (
     select status, amount, row_number() over (partition by customer_id order by status, amount, id) as n from orders
   ) as o group by amount`,
  `select c.id, o.amount from customers as c left join (
     select customer_id, amount from (
       select *, row_number() over (partition by customer_id order by id, amount, status) as n from orders
     ) as numbered where n = 1
   ) as o on o.customer_id = c.id`,
  `select c.id, o.amount from customers as c left join (
     select customer_id, amount from (
       select *, row_number() over (partition by customer_id, status order by id, amount) as n from orders
     ) as numbered where n <= 1
   ) as o on o.customer_id = c.id`,
  `select c.name, max(c.tier) as tier, sum(c.id) as id, sum(distinct c.tier) as tiers, count(o.id) as orders
   from customers as c left join orders as o on o.customer_id = c.id and o.amount > c.tier where c.id > 0 group by c.name`,
  `select c.name, min(c.tier) as tier from customers as c left join orders as o on o.customer_id = c.id
   where o.amount is null group by c.name`,
  `select distinct c.name, c.tier + 1 as tier from orders as o right join customers as c on o.customer_id = c.id
   left join payments as p on p.order_id = o.id`,
  `select distinct c.name, count(*) over (partition by c.tier) as n from customers as c left join orders as o on o.customer_id = c.id`,
  `select c.tier, max(c.n) as n from (
     select c.tier, row_number() over (order by c.id, c.name, c.country, c.tier, o.id, o.amount, o.status, o.customer_id) as n
     from customers as c left join orders as o on o.customer_id = c.id
   ) as c group by c.tier`,
  `select max(c.tier) as tier, count(*) as n from customers as c full join orders as o on o.customer_id = c.id group by c.name`,
]

/** Tests of an engine's lineage by the data. `written` are queries for which the generator has no words. */
export function lineageByTheData(name: string, connect: () => Promise<Connection>, written: readonly string[]): void {
  const generated = generateQueries(250, 4)

  test(`${name}: no output of a query changes with a column that its lineage does not claim`, async () => {
    const queries = [...[...WRITTEN_FOR_ALL, ...written].map((sql) => ({ sql, comparisons: [] })), ...generated]
    const budget = { whole: 3, common: 0, own: 0 }
    const { misses, undecided } = await askQueries(await connect(), ORACLE_TABLES, { queries, budget })
    expect({ misses, undecided }).toEqual({ misses: [], undecided: [] })
  }, 300_000)

  /**
   * At most three over-claims of a hundred, by both ways to read that: of the pairs of an output and a column that it claims,
   * and of the outputs, where one is wrong as soon as one of its claims is. What is not shown counts as an over-claim.
   *
   * Queries are looked at one step at a time. Whole ones often cannot show what they claim, whatever the data: their filters
   * contradict each other, or what two of their queries give is never the same. That is no matter of lineage.
   */
  test(`${name}: what lineage claims of the steps of these queries matters`, async () => {
    const queries = distinct(generated.flatMap(({ steps }) => steps)).slice(0, 320)
    const budget = { whole: 1, common: 60, own: 120 }
    const report = await askQueries(await connect(), [...ORACLE_TABLES, ...PART_TABLES], { queries, budget })
    expect({ misses: report.misses, undecided: report.undecided }).toEqual({ misses: [], undecided: [] })
    const figures = figuresOf([report])
    expect(figures.queries).toBeGreaterThanOrEqual(200)
    expect(figures.notShownShare).toBeLessThanOrEqual(0.03)
    expect(figures.outputsNotShownShare).toBeLessThanOrEqual(0.03)
    expect(figures.allShare).toBeLessThanOrEqual(0.05)
  }, 300_000)
}

/** Makes the tables for the engine to bind the queries against, and asks. */
export async function askQueries(
  connection: Connection,
  tables: readonly OracleTable[],
  { queries, budget }: { readonly queries: readonly QueryStep[]; readonly budget: Budget },
): Promise<OracleReport> {
  for (const { name, columns } of tables) {
    const typed = columns.map((column) => `${column.name} ${column.type}`).join(', ')
    await connection.execute(`drop table if exists ${name}; create table ${name} (${typed})`)
  }
  const subjects: Subject[] = []
  const unknown: string[] = []
  for (const query of distinct(queries)) {
    const lineage = await connection.lineageOf(query.sql)
    if (lineage) subjects.push(querySubject(query, lineage))
    else unknown.push(query.sql)
  }
  const report = await askTheData({ connection, tables, subjects, seed: 4, budget })
  return { ...report, undecided: [...report.undecided, ...unknown] }
}

function distinct<Query extends Pick<GeneratedQuery, 'sql'>>(queries: readonly Query[]): readonly Query[] {
  return [...new Map(queries.map((query) => [query.sql, query])).values()]
}
