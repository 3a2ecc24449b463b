import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { normalize } from '../test/docs/normalize.ts'
import { TEST_ENGINES } from '../test/engines.ts'
import { TemporaryProject } from '../test/temporary-project.ts'
import { report as runReport } from './report.ts'

const FILES = {
  'models/bills.sql': `
select * from (values
  (cast(9007199254740993 as bigint), 'Ana | "Ação"', cast(1000.50 as decimal(18, 2)), date '2020-02-03', timestamp '2020-02-03 14:00:01.001', true, '305.584.960-40'),
  (2, 'Bruno, ''*''', cast(99999999999999.99 as decimal(18, 2)), date '2020-02-04', timestamp '2020-02-04 00:00:00', false, 'ZZZ'),
  (3, '', cast(null as decimal(18, 2)), null, null, null, null)
) as rows (customer_id, customer, amount, billed_on, sent_at, paid, cpf)
`,
  'models/shop.yml': `
models:
  - name: bills
    columns:
      - name: customer_id
        data_tests: [unique]
      - name: cpf
        meta: { pii: cpf }
exposures:
  - name: billing
    type: dashboard
    owner: { name: Ana }
    meta:
      panels:
        - name: bills
          title: { en: Bills, pt: Cobranças }
          type: table
          model: ref('bills')
          columns:
            - { name: customer, label: { en: Customer, pt: Cliente } }
            - { name: amount, label: { en: Amount, pt: Valor }, format: money, currency: BRL }
            - { name: billed_on, label: { en: Day, pt: Dia } }
          filter:
            - { column: customer, kind: search }
            - { column: billed_on, kind: date_range }
          where: paid is not null
          order_by: billed_on desc
        - name: one
          title: { en: One customer, pt: Um cliente }
          type: number
          model: ref('bills')
          columns: [customer, { name: amount, format: number, decimals: 0 }]
          filter: { column: customer_id, required: true }
  - name: taxes
    type: dashboard
    owner: { name: Ana }
    meta:
      pii: { allowed: [cpf], reason: The tax office asks for it by law. }
      panels:
        - { name: people, type: table, model: ref('bills'), columns: [customer_id, cpf], where: cpf is not null }
`,
}

const PUBLISHED = 'main.bills: published by run <run id> at <now>\n'

describe.each(TEST_ENGINES)('lavra report on $name', (engine) => {
  let project: TemporaryProject

  beforeAll(async () => {
    project = await TemporaryProject.make(FILES, engine)
    await project.run()
  })
  afterAll(() => project.remove())

  const report = async (...argv: readonly string[]) => {
    const { code, text } = await project.lavra('report', ...argv)
    const shown = normalize(text)
    return code === 0 ? shown : `${shown}exit ${code}\n`
  }

  test('gives the rows of a model with all their digits as CSV, quoted as RFC 4180 says', async () => {
    expect(await report('bills', '--format', 'csv')).toBe(
      [
        'customer_id,customer,amount,billed_on,sent_at,paid,cpf',
        '2,"Bruno, \'*\'",99999999999999.99,2020-02-04,2020-02-04T00:00:00,false,***',
        '3,"",,,,,',
        '9007199254740993,"Ana | ""Ação""",1000.50,2020-02-03,<now>,true,***.***.***-40',
        PUBLISHED,
      ].join('\r\n'),
    )
  })

  test('gives them as JSON', async () => {
    expect(await report('bills', '--format', 'json', '--where', 'customer_id > 2')).toBe(`[
  {"customer_id": 3, "customer": "", "amount": null, "billed_on": null, "sent_at": null, "paid": null, "cpf": null},
  {"customer_id": 9007199254740993, "customer": "Ana | \\"Ação\\"", "amount": 1000.50, "billed_on": "2020-02-03", "sent_at": "<now>", "paid": true, "cpf": "***.***.***-40"}
]
${PUBLISHED}`)
    expect(await report('bills', '--format', 'json', '--where', 'false')).toBe(`[]\n${PUBLISHED}`)
  })

  test('gives them as Markdown and as a table, in the locale of the reader', async () => {
    expect(await report('bills', '--format', 'md', '--locale', 'pt-BR', '--where', "cpf <> '***'")).toBe(
      [
        '| customer_id | customer | amount | billed_on | sent_at | paid | cpf |',
        '| --: | --- | --: | --- | --- | --- | --- |',
        '| 9007199254740993 | Ana \\| "Ação" | 1.000,50 | 03/02/2020 | 03/02/2020 14:00:01,001 | true | \\*\\*\\*.\\*\\*\\*.\\*\\*\\*-40 |',
        PUBLISHED,
      ].join('\n'),
    )
    expect(await report('main.bills', '--where', 'customer_id = 2 -- Bruno')).toBe(
      [
        '| customer_id | customer   |                amount | billed_on   | sent_at              | paid  | cpf |',
        '| ----------- | ---------- | --------------------- | ----------- | -------------------- | ----- | --- |',
        "|           2 | Bruno, '*' | 99,999,999,999,999.99 | Feb 4, 2020 | Feb 4, 2020 00:00:00 | false | *** |",
        PUBLISHED,
      ].join('\n'),
    )
  })

  test('shows a panel with its titles, labels and formats, and the filters that it offers', async () => {
    expect(await report('billing', '--panel', 'bills', '--locale', 'pt-BR')).toBe(`Cobranças
| Cliente      |                    Valor | Dia        |
| ------------ | ------------------------ | ---------- |
| Bruno, '*'   | R$ 99.999.999.999.999,99 | 04/02/2020 |
| Ana | "Ação" |              R$ 1.000,50 | 03/02/2020 |
${PUBLISHED}`)
    expect(
      await report('billing', '--panel', 'bills', '--filter', 'customer=AÇÃO', 'billed_on=..2020-02-03'),
    ).toBe(`Bills
| Customer     |     Amount | Day         |
| ------------ | ---------- | ----------- |
| Ana | "Ação" | R$1,000.50 | Feb 3, 2020 |
${PUBLISHED}`)
    // The panel that does not offer the choice shows all.
    expect(await report('billing', '--filter', 'customer_id=2')).toBe(`Bills
| Customer     |                  Amount | Day         |
| ------------ | ----------------------- | ----------- |
| Bruno, '*'   | R$99,999,999,999,999.99 | Feb 4, 2020 |
| Ana | "Ação" |              R$1,000.50 | Feb 3, 2020 |

One customer
customer: Bruno, '*'
amount: 100,000,000,000,000
${PUBLISHED}`)
  })

  test('writes Parquet with the types of the columns', async () => {
    expect(await report('bills', '--format', 'parquet', '--output-file', 'out/bills.parquet')).toBe(PUBLISHED)
    expect(await readdir(join(project.root, 'out'))).toEqual(['bills.parquet'])
    const file = join(project.root, 'out/bills.parquet')
    const types = await duckdb(`describe select * from '${file}'`)
    expect(types.map(([name, type]) => `${name} ${type}`)).toEqual([
      'customer_id BIGINT',
      'customer VARCHAR',
      'amount DECIMAL(18,2)',
      'billed_on DATE',
      'sent_at TIMESTAMP',
      'paid BOOLEAN',
      'cpf VARCHAR',
    ])
    expect(await duckdb(`select * from '${file}' order by customer_id`)).toEqual([
      ['2', "Bruno, '*'", '99999999999999.99', '2020-02-04', '2020-02-04 00:00:00', 'false', '***'],
      ['3', '', null, null, null, null, null],
      [
        '9007199254740993',
        'Ana | "Ação"',
        '1000.50',
        '2020-02-03',
        '2020-02-03 14:00:01.001',
        'true',
        '***.***.***-40',
      ],
    ])
  })

  test('shows personal data as it is only where that is allowed for a reason', async () => {
    expect(await report('taxes', '--format', 'csv')).toBe(
      ['customer_id,cpf', '9007199254740993,305.584.960-40', '2,ZZZ', PUBLISHED].join('\r\n'),
    )
    expect(await report('bills', '--filter', 'cpf=ZZZ')).toBe(`error[report-filter] --filter:1:1
  The column "cpf" is personal data (cpf) and masked: nothing can be chosen by it.

  1 | cpf=ZZZ
    | ~~~~~~~
exit 2
`)
    // What a mask hides cannot be asked for either.
    expect(await report('bills', '--format', 'csv', '--where', "cpf = '305.584.960-40'")).toBe(
      `customer_id,customer,amount,billed_on,sent_at,paid,cpf\r\n${PUBLISHED}`,
    )
  })

  test('says that masks may be missing where nobody can tell what a column is made of', async () => {
    const people = await TemporaryProject.make(
      {
        'models/people.sql': `select '305.584.960-40' as cpf`,
        'models/people.yml': 'models: [{name: people, columns: [{name: cpf, meta: {pii: cpf}}]}]',
        'models/contacts.sql': `select cpf as document from {{ ref('people') }}`,
      },
      engine,
    )
    try {
      await people.run()
      const asked = async (...flags: readonly string[]) => {
        const { code, text } = await people.lavra('report', 'contacts', '--format', 'csv', ...flags)
        return [code, normalize(text.replaceAll('\r', ''))]
      }
      expect(await asked('--quiet')).toEqual([0, 'document\n***.***.***-40\n'])
      await people.write({ 'models/people.sql': 'select nope as cpf' })
      const [code, text] = await asked()
      expect([code, text]).toEqual([
        0,
        `warning[masks-of-declared-columns]
  Only columns of "contacts" that are declared to hold personal data are masked, because what it reads cannot be bound.
  hint: "lavra check" says what is wrong

document
305.584.960-40
main.contacts: published by run <run id> at <now>
`,
      ])
      expect(await asked('--warn-error')).toEqual([2, expect.stringMatching(/^error\[masks-of-declared-columns\]/)])
    } finally {
      await people.remove()
    }
  })

  test('writes a file whole or not at all', async () => {
    await report('bills', '--format', 'csv', '--output-file', 'bills.csv', '--limit', '1')
    const before = await readFile(join(project.root, 'bills.csv'), 'utf8')
    expect(before).toBe(
      'customer_id,customer,amount,billed_on,sent_at,paid,cpf\r\n2,"Bruno, \'*\'",99999999999999.99,2020-02-04,2020-02-04T00:00:00,false,***\r\n',
    )
    await report('bills', '--format', 'csv', '--output-file', 'bills.csv', '--where', '1 / (customer_id - 3) > nope')
    expect(await readFile(join(project.root, 'bills.csv'), 'utf8')).toBe(before)
    expect((await readdir(project.root)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('that is interrupted leaves no file', async () => {
    const interruption = new AbortController()
    interruption.abort(new Error('interrupted'))
    const world = { ...project.world(), signal: interruption.signal }
    for (const format of ['csv', 'parquet'] as const) {
      await expect(runReport({ format, outputFile: 'late' }, world, ['bills'])).rejects.toThrow('interrupted')
    }
    expect((await readdir(project.root)).filter((name) => name.startsWith('late'))).toEqual([])
  })

  test.each([
    'true; drop table main.bills',
    'true) or (true',
    'customer_id = 3) as x; delete from main.bills; select (1',
    "customer = 'a' /* ",
    "customer = '",
    '-- nothing',
    'exists (insert into main.bills select * from main.bills returning 1)',
    'lo_create(0) > 0',
  ])('a predicate can neither end the statement nor write: %s', async (where) => {
    const before = await project.query('select count(*) from main.bills')
    const { code } = await project.lavra('report', 'bills', '--where', where)
    expect(code).toBe(2)
    expect(await project.query('select count(*) from main.bills')).toEqual(before)
  })

  test('says what is wrong with a choice at its place', async () => {
    const wrong = [
      await report('bils'),
      await report('billing', '--panel', 'bill'),
      await report('bills', '--panel', 'bills'),
      await report('billing', '--format', 'csv'),
      await report('billing'),
      await report('bills', '--where', 'true; select 1'),
      await report('bills', '--filter', 'customer'),
      await report('bills', '--filter', 'custmer=Ana'),
      await report('billing', '--panel', 'bills', '--filter', 'billed_on=2020-02-30'),
    ]
    expect(wrong.join('\n')).toBe(`error[report-not-found]
  There is no dashboard, model, seed or snapshot named "bils".
  hint: did you mean "bills"?
exit 2

error[panel-not-found]
  "billing" has no panel "bill".
  hint: did you mean "bills"?
exit 2

error[panel-not-found]
  "bills" is no dashboard, so that it has no panel "bills".
  hint: leave --panel out
exit 2

error[report-panels]
  "billing" has 2 panels, and csv holds the rows of one.
  hint: choose one with --panel: bills, one
exit 2

error[report-filter]
  The panel "one" is shown for one customer_id, and none is chosen.
  hint: give it with --filter customer_id=…
exit 2

error[report-where] --where:1:1
  This is no predicate: it holds a ";", which ends a statement.

  1 | true; select 1
    | ~~~~~~~~~~~~~~
  hint: write one condition, as behind "where" in a query
exit 2

error[report-filter] --filter:1:1
  "customer" says no value of a column.

  1 | customer
    | ~~~~~~~~
  hint: write --filter column=value
exit 2

error[report-filter] --filter:1:1
  There is no column "custmer" to choose by.

  1 | custmer=Ana
    | ~~~~~~~~~~~
  hint: did you mean "customer"?
exit 2

error[report-filter] --filter:1:1
  "2020-02-30" is no range of days.

  1 | billed_on=2020-02-30
    | ~~~~~~~~~~~~~~~~~~~~
  hint: write a day, 2020-02-03, or days: 2020-02-01..2020-02-29, 2020-02-01.. or ..2020-02-29
exit 2
`)
  })
})

async function duckdb(sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const reader = await connection.runAndReadAll(sql)
  return reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))))
}
