import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import { build } from '../commands/build.ts'
import { check } from '../commands/check.ts'
import type { Flags, World } from '../commands/flags.ts'
import { show } from '../commands/show.ts'
import { UserError } from '../diagnostics/errors.ts'

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const PARTS = ['project.yml', 'profiles.yml', 'models', 'seeds', 'macros', 'tests', 'snapshots']

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lavra-platform-'))
  for (const part of PARTS) await cp(join(REPOSITORY, part), join(root, part), { recursive: true })
  expect(await call(build)).toMatchObject({ exitCode: 0 })
})

afterAll(() => rm(root, { recursive: true, force: true }))

const EXPECTED: Readonly<Record<string, string>> = {
  invoice_averages: `{
  "node": "invoice_averages",
  "show": [
    {
      "customer": "C1000",
      "account": "A1100",
      "avg_invoices_last_3_months": 56333.33,
      "avg_invoices_last_6_months": 41416.66
    },
    {
      "customer": "C1000",
      "account": "A1200",
      "avg_invoices_last_3_months": 50666.66,
      "avg_invoices_last_6_months": null
    },
    {
      "customer": "C1000",
      "account": "A1300",
      "avg_invoices_last_3_months": null,
      "avg_invoices_last_6_months": null
    },
    {
      "customer": "C2000",
      "account": "A2100",
      "avg_invoices_last_3_months": 55400.00,
      "avg_invoices_last_6_months": null
    }
  ]
}
`,
  notification_panel: `{
  "node": "notification_panel",
  "show": [
    {
      "customer_id": 7494212,
      "customer_name": "Acme",
      "whatsapp_notifications": 5000,
      "last_updated_at": "2020-02-03T15:00:00+00:00"
    }
  ]
}
`,
  notification_billing: `{
  "node": "notification_billing",
  "show": [
    {
      "customer_id": 7494212,
      "customer_name": "Acme",
      "whatsapp_notifications": 25000,
      "amount": 1000.00,
      "billing_date": "2020-02-03"
    }
  ]
}
`,
  chatbot_report_f1000: `{
  "node": "chatbot_report_f1000",
  "show": [
    {
      "customer": "C1000",
      "flow": "F1000",
      "session": "S1000",
      "first_answer_dt": "2019-12-16T13:59:58+00:00",
      "last_answer_dt": "2019-12-16T14:00:01+00:00",
      "name": "maria",
      "cpf": "305.584.960-40",
      "delivery_confirmed": "true"
    },
    {
      "customer": "C1000",
      "flow": "F1000",
      "session": "S2000",
      "first_answer_dt": "2019-12-16T13:59:59+00:00",
      "last_answer_dt": "2019-12-16T14:00:00+00:00",
      "name": "joao",
      "cpf": "733.600.420-26",
      "delivery_confirmed": "false"
    }
  ]
}
`,
  chatbot_report_f2000: `{
  "node": "chatbot_report_f2000",
  "show": [
    {
      "customer": "C2000",
      "flow": "F2000",
      "session": "S3000",
      "first_answer_dt": "2019-12-16T13:59:59+00:00",
      "last_answer_dt": "2019-12-16T14:00:01+00:00",
      "recomenda": "Simmmmmmm",
      "nota": "9"
    }
  ]
}
`,
}

test.each(Object.keys(EXPECTED))('%s is the table of the platform', async (model) => {
  expect((await call(show, { select: [model], output: 'json' })).output).toBe(EXPECTED[model])
})

test('`lavra check` finds nothing', async () => {
  const { exitCode, output } = await call(check, { warnError: true })
  expect(output).toMatch(
    /^chatbot_report: not checked, "chatbot_report" is one relation per value of a query\nChecked \d+ nodes in .*: no problems\n$/,
  )
  expect(exitCode).toBe(0)
})

test('a second build gives the same tables', async () => {
  expect(await call(build)).toMatchObject({ exitCode: 0 })
  for (const [model, expected] of Object.entries(EXPECTED)) {
    expect((await call(show, { select: [model], output: 'json' })).output).toBe(expected)
  }
})

test('a model broken on purpose leaves every published row as it was, and the next build succeeds', async () => {
  const before = await everyPublishedRow()
  const path = join(root, 'models/gold/notification_billing.sql')
  const good = await readFile(path, 'utf8')
  await writeFile(path, good.replace('customer_id', 'customer_idd'))
  const broken = await call(build)
  expect(broken.exitCode).toBe(1)
  expect(broken.output).toContain('error[database] models/gold/notification_billing.sql:')
  expect(await everyPublishedRow()).toEqual(before)
  await writeFile(path, good)
  expect(await call(build)).toMatchObject({ exitCode: 0 })
})

test('a failing test leaves every published row as it was, and the next build succeeds', async () => {
  const before = await everyPublishedRow()
  const path = join(root, 'tests/no_customer_is_called_acme.sql')
  await writeFile(path, `select * from {{ ref('notification_panel') }} where customer_name = 'Acme'`)
  const failed = await call(build)
  expect(failed.exitCode).toBe(1)
  expect(failed.output).toContain('Nothing was published: no_customer_is_called_acme failed')
  expect(await everyPublishedRow()).toEqual(before)
  await rm(path)
  expect(await call(build)).toMatchObject({ exitCode: 0 })
})

test('a new hour with a new flow gives a new report, and a flow that vanished loses its own', async () => {
  const path = join(root, 'seeds/chatbot/hour=15.json')
  await writeFile(
    path,
    JSON.stringify([
      message('2019-12-16T15:00:00+00:00', { 'e-mail do cliente': 'ana@example.com', select: 'sim' }),
      message('2019-12-16T15:00:01+00:00', { Session: 'outra', select: 'não' }),
    ]),
  )
  expect(await call(build)).toMatchObject({ exitCode: 0 })
  expect((await call(show, { select: ['chatbot_report_f3000'], output: 'json' })).output).toBe(`{
  "node": "chatbot_report_f3000",
  "show": [
    {
      "customer": "C3000",
      "flow": "F3000",
      "session": "S4000",
      "first_answer_dt": "2019-12-16T15:00:00+00:00",
      "last_answer_dt": "2019-12-16T15:00:01+00:00",
      "e-mail do cliente": "ana@example.com",
      "select": "não",
      "Session_2": "outra"
    }
  ]
}
`)
  await rm(path)
  expect(await call(build, { fullRefresh: true })).toMatchObject({ exitCode: 0 })
  expect((await publishedNames()).filter((name) => name.startsWith('chatbot_report'))).toEqual([
    'chatbot_report_f1000',
    'chatbot_report_f2000',
  ])
})

function message(timestamp: string, content: Readonly<Record<string, string>>) {
  return { customer: 'C3000', flow: 'F3000', session: 'S4000', timestamp, content }
}

async function call(command: (flags: Flags, world: World) => Promise<number>, flags: Flags = {}) {
  let output = ''
  const write = (text: string) => {
    output += text
    return true
  }
  const stream = { write } as unknown as NodeJS.WritableStream // only `write` is used
  const signal = new AbortController().signal
  try {
    const exitCode = await command(flags, { cwd: root, env: {}, stdout: stream, stderr: stream, signal })
    return { exitCode, output }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { exitCode: 2, output: `${output}${error.message}` }
  }
}

async function withDatabase<Result>(
  work: (query: (sql: string) => Promise<readonly (readonly unknown[])[]>) => Promise<Result>,
): Promise<Result> {
  const adapter = createDuckdbAdapter({ path: join(root, 'platform.duckdb'), projectRoot: root })
  await adapter.open({ mode: 'read', runId: 'test', waitMs: 0 })
  try {
    const connection = await adapter.connect()
    return await work(async (sql) => (await connection.query(sql)).rows)
  } finally {
    await adapter.close()
  }
}

const PUBLISHED = `select schema_name, identifier from _lavra.relations order by 1, 2`

function publishedNames(): Promise<readonly string[]> {
  return withDatabase(async (query) => (await query(PUBLISHED)).map(([, identifier]) => String(identifier)))
}

/** A hash of every row of every published relation, and how many there are. */
function everyPublishedRow(): Promise<readonly string[]> {
  return withDatabase(async (query) => {
    const found: string[] = []
    for (const [schema, identifier] of await query(PUBLISHED)) {
      const [row] = await query(`select count(*), bit_xor(hash(t)) from "${schema}"."${identifier}" as t`)
      found.push(`${schema}.${identifier} ${row?.join(' ')}`)
    }
    return found
  })
}
