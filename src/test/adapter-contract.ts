import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Adapter, type Connection, DatabaseError } from '../adapters/adapter.ts'
import { UserError } from '../diagnostics/errors.ts'
import type { Relation } from '../sql/relation.ts'
import { DateValue, Decimal, type QueryResult, TimestampValue } from '../sql/value.ts'

/** What the suite needs to know of an engine beside its adapter. */
export interface ContractSubject {
  /** A new adapter on one and the same database, which need not exist yet. Called several times. */
  makeAdapter(): Adapter
  /** A schema of that database that is the suite's own. */
  readonly schema: string
  /** Whether others read a table while a transaction swaps it; otherwise they wait for the commit. */
  readonly readersGoOn: boolean
  /** A query that runs for minutes unless it is interrupted. */
  readonly endlessQuery: string
  /**
   * Starts another process that holds the database for writing as the run `other-run`. Resolves when it does; `stop`
   * ends the process without warning.
   */
  holdInOtherProcess(): Promise<{ readonly pid: number; stop(): Promise<void> }>
}

const ODD_NAMES = [
  'e-mail do cliente',
  'select',
  'a "quoted" name',
  "it's",
  'ação',
  'Upper',
  'semi;colon',
  '💰',
] as const

async function partsOf(stream: AsyncIterable<QueryResult>): Promise<readonly QueryResult[]> {
  const parts: QueryResult[] = []
  for await (const part of stream) parts.push(part)
  return parts
}

/** The promises of the port, which every adapter keeps. */
export function adapterContract(name: string, subject: ContractSubject): void {
  describe(`${name} adapter`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lavra-contract-'))
    let adapter: Adapter
    let connection: Connection
    const relation = (identifier: string): Relation => ({
      database: adapter.database,
      schema: subject.schema,
      identifier,
    })

    beforeAll(async () => {
      adapter = subject.makeAdapter()
      await adapter.open({ mode: 'write', runId: 'contract', waitMs: 0 })
      connection = await adapter.connect()
      await connection.execute(adapter.dialect.createSchema({ database: adapter.database, schema: subject.schema }))
    })

    beforeEach(async () => {
      const standing = await connection.listRelations([subject.schema])
      const viewsFirst = [...standing].sort((a, b) => (a.kind < b.kind ? 1 : -1))
      for (const found of viewsFirst) {
        await connection.execute(adapter.dialect.drop({ database: adapter.database, ...found }, found.kind))
      }
    })

    afterEach(() => connection.rollback())

    afterAll(async () => {
      await adapter.close()
      rmSync(folder, { recursive: true })
    })

    const createTable = (identifier: string, query: string) =>
      connection.execute(adapter.dialect.createTableAs(relation(identifier), query))

    test('streams the rows of a query in parts, in their order', async () => {
      const numbers: number[] = []
      let parts = 0
      for await (const { columns, rows } of connection.stream(
        'select n from generate_series(1, 10001) as t (n) order by n',
      )) {
        expect(columns.map(({ name }) => name)).toEqual(['n'])
        parts += 1
        numbers.push(...rows.map(([n]) => Number(n)))
      }
      expect(parts).toBeGreaterThan(1)
      expect(numbers).toEqual(Array.from({ length: 10_001 }, (_, index) => index + 1))
    })

    test('streams one part without rows where there are none', async () => {
      const parts = await partsOf(connection.stream('select 1 as one where false'))
      expect(parts.map(({ columns, rows }) => [columns.map(({ name }) => name), rows])).toEqual([[['one'], []]])
    })

    test('a stream that fails in its last row fails, and the connection goes on', async () => {
      const failing =
        "select cast(case n when 10001 then 'x' else '1' end as integer) from generate_series(1, 10001) as t (n)"
      await expect(partsOf(connection.stream(failing))).rejects.toBeInstanceOf(DatabaseError)
      for await (const { rows } of connection.stream('select 1')) {
        expect(rows).toEqual([[1]])
        break
      }
      expect((await connection.query('select 2')).rows).toEqual([[2]])
    })

    test('a stream cannot write', async () => {
      const written = relation('written')
      await connection.execute(adapter.dialect.createTableAs(written, 'select 1 as n'))
      const statement = `delete from ${adapter.dialect.render(written)}`
      await expect(partsOf(connection.stream(statement))).rejects.toBeInstanceOf(DatabaseError)
      expect((await connection.query(`select n from ${adapter.dialect.render(written)}`)).rows).toEqual([[1]])
    })

    test('lists tables and views of the schemas asked for', async () => {
      await createTable('orders', 'select 1 as id')
      await connection.execute(adapter.dialect.createView(relation('paid_orders'), 'select 1 as id'))
      const found = await connection.listRelations([subject.schema, 'no_such_schema'])
      expect([...found].sort((a, b) => (a.identifier < b.identifier ? -1 : 1))).toEqual([
        { schema: subject.schema, identifier: 'orders', kind: 'table' },
        { schema: subject.schema, identifier: 'paid_orders', kind: 'view' },
      ])
      expect(await connection.listRelations(['no_such_schema'])).toEqual([])
      expect(await connection.listRelations([])).toEqual([])
    })

    test('tells the columns of tables and views in their order, and nothing of what is not there', async () => {
      await createTable('orders', `select 1 as id, 'open' as status, cast(1.5 as decimal(10, 2)) as amount`)
      const columns = await connection.columnsOf(relation('orders'))
      expect(columns.map((column) => column.name)).toEqual(['id', 'status', 'amount'])
      expect(columns[2]?.type.toLowerCase()).toMatch(/^(decimal|numeric)\(10, ?2\)$/)
      const query = `select status, id from ${adapter.dialect.render(relation('orders'))}`
      await connection.execute(adapter.dialect.createView(relation('statuses'), query))
      expect(await connection.columnsOf(relation('statuses'))).toEqual([columns[1], columns[0]])
      expect(await connection.columnsOf(relation('customers'))).toEqual([])
    })

    test('reads the columns of a candidate under its physical name', async () => {
      await createTable('orders__lavra_3f9a1c2b', 'select 1 as id')
      const candidate = { ...relation('orders'), physical: 'orders__lavra_3f9a1c2b' }
      expect((await connection.columnsOf(candidate)).map((column) => column.name)).toEqual(['id'])
    })

    test('describes a query as the table that it would make, without running it', async () => {
      const query = `select 1 as id, 'open' as status, cast(1.5 as decimal(10, 2)) as amount -- of the order`
      const described = await connection.describeQuery(query)
      await createTable('orders', query)
      expect(described).toEqual(await connection.columnsOf(relation('orders')))
      expect(
        await connection.describeQuery(`select 1 / count(*) as share from (select 1 as one) as t where one = 2`),
      ).toHaveLength(1)
    })

    test('says how many rows a statement changed, of several the last', async () => {
      await createTable('orders', 'select 1 as id union all select 2')
      const orders = adapter.dialect.render(relation('orders'))
      expect(await connection.execute(`update ${orders} set id = id + 10`)).toBe(2)
      expect(await connection.execute(`delete from ${orders}; insert into ${orders} values (1), (2), (3)`)).toBe(3)
      const copy = adapter.dialect.createTableAs(relation('orders_copy'), `select * from ${orders}`)
      expect(await connection.execute(copy)).toBe(3)
      expect(await connection.execute(adapter.dialect.createView(relation('orders_view'), 'select 1 as id'))).toBe(0)
    })

    test('takes any name as it is', async () => {
      for (const odd of ODD_NAMES) {
        await connection.execute(adapter.dialect.createTable(relation(odd), [{ name: odd, type: 'integer' }]))
        await connection.execute(`insert into ${adapter.dialect.render(relation(odd))} values (7)`)
        const { columns, rows } = await connection.query(`select * from ${adapter.dialect.render(relation(odd))}`)
        expect([columns[0]?.name, rows]).toEqual([odd, [[7]]])
        expect((await connection.columnsOf(relation(odd))).map((column) => column.name)).toEqual([odd])
      }
      const found = await connection.listRelations([subject.schema])
      expect(found.map(({ identifier }) => identifier).sort()).toEqual([...ODD_NAMES].sort())
    })

    test('takes any text as a literal', async () => {
      for (const text of [...ODD_NAMES, '\\', "\\'", 'a\nb', '%s', '$1', '?']) {
        expect((await connection.query(`select ${adapter.dialect.stringLiteral(text)}`)).rows).toEqual([[text]])
      }
    })

    test('keeps values exact', async () => {
      const { rows } = await connection.query(`select
        cast(null as integer), true, cast(7 as integer), cast(9007199254740991 as bigint), cast(9007199254740993 as bigint),
        cast(41416.60 as decimal(18, 2)), cast(-0.05 as decimal(18, 2)), cast(1.5 as double precision), 'olá',
        cast('2020-02-29' as date), cast('2020-02-03 14:00:00' as timestamp), cast('2020-02-03 14:00:01.001' as timestamp),
        cast('1969-12-31 23:59:59.000001' as timestamp), cast('2020-02-03 11:00:01.5-03:00' as timestamp with time zone)`)
      expect(rows).toEqual([
        [
          null,
          true,
          7,
          9007199254740991,
          9007199254740993n,
          new Decimal('41416.60'),
          new Decimal('-0.05'),
          1.5,
          'olá',
          new DateValue('2020-02-29'),
          new TimestampValue('2020-02-03T14:00:00', false),
          new TimestampValue('2020-02-03T14:00:01.001', false),
          new TimestampValue('1969-12-31T23:59:59.000001', false),
          new TimestampValue('2020-02-03T14:00:01.500+00:00', true),
        ],
      ])
    })

    test('gives the columns of a query that gives no row, and those of one name twice', async () => {
      const { columns, rows } = await connection.query('select 1 as id, 2 as id where 1 = 0')
      expect([columns.map((column) => column.name), rows]).toEqual([['id', 'id'], []])
    })

    test('points at what it did not know', async () => {
      const sql = `select 'ação 💰' as title, nope from (select 1 as id) as t`
      const error = await failure(connection.query(sql))
      expect([error.position, error.unknownName]).toEqual([sql.indexOf('nope'), 'nope'])
      const described = await failure(connection.describeQuery(sql))
      expect(described.position).toBe(sql.indexOf('nope'))
      expect(error.message).not.toContain('LINE 1')
    })

    test('points at what it did not understand', async () => {
      const sql = `select 'ação 💰' as title,, 2`
      const error = await failure(connection.execute(sql))
      expect([error.code, error.position]).toEqual(['syntax', sql.indexOf(',,') + 1])
    })

    test('fails in one way for every kind of failure', async () => {
      await createTable('orders', 'select 1 as id')
      const orders = adapter.dialect.render(relation('orders'))
      expect((await failure(connection.query(`select cast('x' as integer) from ${orders}`))).code).toBe('conversion')
      expect((await failure(connection.query('select * from no_such_table'))).code).toBe('catalog')
      await connection.execute(`alter table ${orders} alter column id set not null`)
      expect((await failure(connection.execute(`insert into ${orders} values (null)`))).code).toBe('constraint')
      expect((await connection.query(`select * from ${orders}`)).rows).toEqual([[1]])
    })

    test('keeps uncommitted work from other connections', async () => {
      const reader = await adapter.connect()
      const orders = adapter.dialect.render(relation('orders'))
      await createTable('orders', 'select 1 as id')
      await connection.begin()
      await connection.execute(`insert into ${orders} values (2)`)
      await createTable('customers', 'select 1 as id')
      const count = async () => Number((await reader.query(`select count(*) from ${orders}`)).rows[0]?.[0])
      expect(await count()).toBe(1)
      expect((await reader.listRelations([subject.schema])).map((found) => found.identifier)).toEqual(['orders'])
      await connection.commit()
      expect(await count()).toBe(2)
      reader.close()
    })

    test('takes back what is rolled back, also after an error', async () => {
      await createTable('orders', 'select 1 as id')
      await connection.begin()
      await connection.execute(adapter.dialect.drop(relation('orders'), 'table'))
      await failure(connection.query('select nope'))
      await connection.rollback()
      await connection.rollback()
      expect((await connection.query(`select * from ${adapter.dialect.render(relation('orders'))}`)).rows).toEqual([
        [1],
      ])
    })

    test('swaps a table under its readers, who see the old one until the commit', async () => {
      const reader = await adapter.connect()
      const { dialect } = adapter
      const read = async () => (await reader.query(`select * from ${dialect.render(relation('orders'))}`)).rows
      await createTable('orders', `select 'old' as version`)
      await createTable('orders_next', `select 'new' as version`)
      await connection.begin()
      await connection.execute(dialect.rename(relation('orders'), 'table', 'orders_before'))
      await connection.execute(dialect.rename(relation('orders_next'), 'table', 'orders'))
      await connection.execute(dialect.commentOn(relation('orders'), 'table', "the shop's orders"))
      await connection.execute(dialect.commentOnColumn(relation('orders'), 'version', 'old or new'))
      if (subject.readersGoOn) expect(await read()).toEqual([['old']])
      await connection.commit()
      expect(await read()).toEqual([['new']])
      reader.close()
    })

    test('changes the columns of a table', async () => {
      const { dialect } = adapter
      await createTable('orders', `select 1 as id, 'x' as status`)
      await connection.execute(dialect.addColumn(relation('orders'), { name: 'e-mail', type: 'varchar' }))
      await connection.execute(dialect.alterColumnType(relation('orders'), { name: 'id', type: 'bigint' }))
      await connection.execute(dialect.dropColumn(relation('orders'), 'status'))
      const columns = await connection.columnsOf(relation('orders'))
      expect(columns.map((column) => column.name)).toEqual(['id', 'e-mail'])
      expect(columns[0]?.type.toLowerCase()).toBe('bigint')
    })

    test('makes and drops indexes', async () => {
      const { dialect } = adapter
      await createTable('orders', 'select 1 as id')
      const index = { name: 'orders by "id"', columns: ['id'], unique: true }
      await connection.execute(dialect.createIndex(relation('orders'), index))
      const orders = dialect.render(relation('orders'))
      expect((await failure(connection.execute(`insert into ${orders} values (1)`))).code).toBe('constraint')
      await connection.execute(dialect.dropIndex(relation('orders'), index.name))
      await connection.execute(dialect.dropIndex(relation('orders'), index.name))
      expect(await connection.execute(`insert into ${orders} values (1)`)).toBe(1)
    })

    test('loads a CSV file', async () => {
      const file = path.join(folder, 'orders.csv')
      writeFileSync(
        file,
        '\uFEFFid;e-mail;paid on\r\n1;"ana@example.com";2020-02-03\r\n2;"a ""b"";\r\nc";null\r\n\r\n3;;',
      )
      const columns = [
        { name: 'id', type: 'integer' },
        { name: 'e-mail', type: 'varchar' },
        { name: 'paid on', type: 'date' },
      ]
      await connection.execute(adapter.dialect.createTable(relation('orders'), columns))
      const load = { kind: 'load', relation: relation('orders'), path: file, columns, delimiter: ';' } as const
      expect(await connection.load(load)).toBe(3)
      const { rows } = await connection.query(`select * from ${adapter.dialect.render(relation('orders'))} order by 1`)
      expect(rows).toEqual([
        [1, 'ana@example.com', new DateValue('2020-02-03')],
        [2, 'a "b";\r\nc', null],
        [3, null, null],
      ])
    })

    test('fails to load what is not of its type', async () => {
      const file = path.join(folder, 'refused.csv')
      writeFileSync(file, 'id\nseven\n')
      const columns = [{ name: 'id', type: 'integer' }]
      await connection.execute(adapter.dialect.createTable(relation('orders'), columns))
      const load = { kind: 'load', relation: relation('orders'), path: file, columns, delimiter: ',' } as const
      expect((await failure(connection.load(load))).code).toBe('conversion')
    })

    test('interrupts what runs, and goes on', async () => {
      const other = await adapter.connect()
      const running = [failure(connection.query(subject.endlessQuery)), failure(other.query(subject.endlessQuery))]
      setTimeout(() => adapter.interrupt(), 50)
      const errors = await Promise.all(running)
      expect(errors.map((error) => error.code)).toEqual(['interrupted', 'interrupted'])
      expect((await connection.query('select 1')).rows).toEqual([[1]])
      other.close()
    })

    test('refuses a second writer in this process, and lets it in when the first is done', async () => {
      const second = subject.makeAdapter()
      const refused = await lockProblem(second.open({ mode: 'write', runId: 'second', waitMs: 200 }))
      expect(refused).toContain(String(process.pid))
      await adapter.close()
      await second.open({ mode: 'write', runId: 'second', waitMs: 0 })
      await second.close()
      await adapter.open({ mode: 'write', runId: 'contract', waitMs: 0 })
      connection = await adapter.connect()
    })

    test('names the process that holds the database, and waits for it to end', async () => {
      await adapter.close()
      const holder = await subject.holdInOtherProcess()
      const message = await lockProblem(adapter.open({ mode: 'write', runId: 'contract', waitMs: 0 }))
      expect(message).toContain('other-run')
      const waiting = adapter.open({ mode: 'write', runId: 'contract', waitMs: 30_000 })
      await holder.stop()
      await waiting
      connection = await adapter.connect()
      expect((await connection.query('select 1')).rows).toEqual([[1]])
    })

    test('may be closed twice', async () => {
      await adapter.close()
      await adapter.close()
      await adapter.open({ mode: 'write', runId: 'contract', waitMs: 0 })
      connection = await adapter.connect()
    })
  })
}

async function failure(work: Promise<unknown>): Promise<DatabaseError> {
  const error = await work.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  )
  if (error instanceof DatabaseError) return error
  throw error
}

async function lockProblem(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('the database was not locked'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof UserError)) throw error
  expect(error.diagnostics.map((diagnostic) => diagnostic.code)).toEqual(['database-locked'])
  return error.message
}
