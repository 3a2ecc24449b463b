import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Adapter, Connection } from '../adapters/adapter.ts'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import { createPostgresAdapter } from '../adapters/postgres/adapter.ts'
import { check } from '../commands/check.ts'
import { execute } from '../commands/execute.ts'
import type { World } from '../commands/flags.ts'
import { loadProject } from '../commands/load-project.ts'
import { selectNodes } from '../commands/select-nodes.ts'
import type { NodeLineage } from '../lineage/node-lineage.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { SqlValue } from '../sql/value.ts'
import { createTestPostgres, type TestPostgres } from './postgres/database.ts'

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const PARTS = ['project.yml', 'profiles.yml', 'models', 'seeds', 'macros', 'tests', 'snapshots']
const TARGETS = ['dev', 'postgres'] as const

let root: string
let database: TestPostgres
let manifest: Manifest

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lavra-platform-'))
  for (const part of PARTS) await cp(join(REPOSITORY, part), join(root, part), { recursive: true })
  database = await createTestPostgres({ locale: 'pt-BR' })
})

afterAll(async () => {
  await database.remove()
  await rm(root, { recursive: true, force: true })
})

test.each(TARGETS)('`lavra check --target %s` finds nothing', async (target) => {
  const chunks: string[] = []
  const stdout = { write: (text: string) => chunks.push(text) } as unknown as World['stdout'] // only `write` is used
  expect(await check({ target, warnError: true }, { ...worldOf(), stdout })).toBe(0)
  expect(chunks.join('')).toMatch(/: no problems\n$/)
})

test('both engines say the same of where columns come from, and leave nothing open', async () => {
  const claims = await Promise.all(TARGETS.map((target) => claimsOf(target)))
  expect(claims[1]).toEqual(claims[0])
})

/** What each column of each node claims: the columns that its values are made of, and those that decide about its rows. */
async function claimsOf(target: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const stdout = { write: () => true } as unknown as World['stdout'] // only `write` is used
  await check({ target, targetPath: `target-${target}` }, { ...worldOf(), stdout })
  const { nodes }: { readonly nodes: Readonly<Record<string, NodeLineage>> } = JSON.parse(
    await readFile(join(root, `target-${target}`, 'lineage.json'), 'utf8'),
  )
  expect(Object.values(nodes).filter(({ unknown }) => unknown !== undefined)).toEqual([])
  const claims = Object.entries(nodes).flatMap(([id, { columns, rows }]) =>
    columns.map(({ name, inputs }): readonly [string, readonly string[]] => {
      const claimed = [...inputs, ...rows].map(({ node, column }) => `${node}.${column}`)
      return [`${id}.${name}`, [...new Set(claimed)].sort()]
    }),
  )
  return Object.fromEntries(claims)
}

describe('`lavra build --target postgres` gives row-identical tables to DuckDB for every model of the root project', {
  timeout: 240_000,
}, () => {
  test('after a first build', async () => {
    await buildBoth('2020-02-05T10:00:00.000001+00:00')
    await compareTables()
    const nodes = [...manifest.nodes.values()].filter(
      ({ kind, config }) => kind !== 'test' && config.materialized !== 'ephemeral',
    )
    expect([...new Set((await tablesOf('postgres')).map(({ node }) => node))].sort()).toEqual(
      nodes.map(({ id }) => id).sort(),
    )
  })

  test('after a second build', async () => {
    await buildBoth('2020-02-05T11:00:00.000002+00:00')
    await compareTables()
  })

  test('after a new hour of a new flow, with odd questions', async () => {
    await write('seeds/chatbot/hour=15.json', [
      chatbotMessage({ 'e-mail do cliente': 'ana@example.com', select: 'sim' }),
      chatbotMessage({ Session: 'outra', select: 'não' }, '2019-12-16T15:00:01.5Z'),
    ])
    await buildBoth('2020-02-05T12:00:00.000003+00:00')
    await compareTables()
    expect((await tablesOf('postgres')).map(({ name }) => name)).toContain('gold.chatbot_report_f3000')
  })

  test('after values of every odd kind', async () => {
    await write('seeds/notifications/date=2020-02-04/hour=02.json', oddNotifications())
    await write('seeds/chatbot/hour=16.json', [
      ...['text', 7, null, true, [], ['a'], {}].map((content) => chatbotMessage(content)),
      chatbotMessage({
        '': 'x',
        ' ': 'x',
        '\u200b': 'x',
        'a"b': 'x',
        "it's": 'x',
        '💰': '\u3000',
        Nome: 'x',
        nome: 'y',
      }),
      chatbotMessage({
        a: null,
        b: '',
        c: 1.1,
        d: 100,
        e: false,
        f: { x: [1, 2.5], y: null },
        g: ['é', '\n'],
        h: '\u00ad',
      }),
      ...ODD_MOMENTS.map((moment) => chatbotMessage({ moment }, moment)),
      ...ODD_NAMES.map((name) => ({ ...chatbotMessage({ name }), customer: name, session: name })),
    ])
    await write('seeds/predictions/part-0001.json', [
      ...['abc', 'NaN', '1e400', '1e-310', '1e-299', '.5', '5.', ' 0.1 ', '1_0', null, true, 2, -0.0, 1e-7].map(
        (value, row) => ({
          ...{ id_client: 2_000_000 + row },
          ...Object.fromEntries(
            [...Array(30).keys()].map((number) => [`class_${number}`, number === 7 ? value : 0.03]),
          ),
        }),
      ),
    ])
    await write('seeds/pix/labels/odd.json', [
      ...ODD_MOMENTS.map((moment, row) => ({
        transaction_id: `T${row}`,
        fraud_type: ' Golpe\u00a0',
        labelled_at: moment,
      })),
      ...ODD_NAMES.map((name) => ({ transaction_id: 'T0', fraud_type: name, labelled_at: '2020-02-01T00:00:00Z' })),
    ])
    await write('seeds/pix/transactions/month=2020-03.json', [
      ...ODD_AMOUNTS.map((amount, row) => pixTransaction(`odd amount ${row}`, { amount })),
      ...ODD_JSON.map((context, row) => pixTransaction(`odd context ${row}`, { context })),
      ...ODD_NAMES.map((payer_id) => pixTransaction('copies', { payer_id })),
    ])
    const lines = ODD_AMOUNTS.map((amount, row) => `C9000,A${row},2019-12-01,"${amount}"`)
    const months = ['2019-02-30', '2019-13-01', '0000-01-01', '2019-1-1', ' 2019-11-30 ', '', '\u00a02019-10-15']
    const averaged = ['2019-12', '2019-11', '2019-10'].map((month, row) => `C9001,A1,${month}-01,-${row}.01`)
    await appendFile(
      join(root, 'seeds/invoices.csv'),
      [
        ...lines,
        ...months.map((month) => `C9000,B1,${month},10`),
        ...averaged,
        ...ODD_NAMES.map((name) => `"${name}",A1,2019-12-01,1`),
      ].join('\n'),
    )
    await buildBoth('2020-02-05T13:00:00.000004+00:00')
    await compareTables()
  })
})

const ODD_NAMES = ['', ' ', '\u00a0', '\u200b', '\t', 'Zé', ' \u2003Zé\u2003', '_a', '-a', 'a', 'B', 'É', 'z\u200b']
const ODD_AMOUNTS = [
  '0',
  '-1',
  '+3.5',
  '1.255',
  '1,5',
  ' 7 ',
  '\u00a08',
  '1e2',
  '12345678901234',
  '9999999999999.99',
  '',
  'x',
]
const ODD_JSON = [
  '{"city": "A", "app_version": 1.5, "device_age_days": " 12"}',
  '{"city": "A',
  '[1]',
  '"x"',
  '7',
  '',
  ' {} ',
  '{"a":01}',
  '{"city": "\\ud800"}',
  '{"city": null, "device_age_days": 3.0}',
  "{'a': 1}",
]
const ODD_MOMENTS = [
  ...[
    '2020-02-30T10:00:00Z',
    '2020-01-01T24:00:00Z',
    '2020-01-01T23:59:60Z',
    '2020-01-01T23:60:00Z',
    '0000-01-01T10:00:00Z',
  ],
  ...[
    '2020-01-01T10:00:00',
    '2020-01-01 10:00:00-03',
    '2020-01-01t10:00:00Z',
    '2020-01-01T10:00:00z',
    ' 2020-01-01T10:00:00Z\u00a0',
  ],
  ...['+0530', '+05:30', '+05', '+15:59', '+16:00', '+05:75', '-00:00', ' +05:00'].map(
    (offset) => `2020-01-01T10:00:00${offset}`,
  ),
  ...['.1', '.1234565', '.9999999', '.123456789', '.1234567891', '.'].map(
    (fraction) => `2020-01-01T10:00:00${fraction}Z`,
  ),
]

function oddNotifications(): readonly unknown[] {
  const message = (changes: object, row: number) => ({
    ...{ customer_id: 7494212, customer_name: 'Acme', message_id: `odd ${row}`, channel: 'SMS', payload: 'Olá' },
    ...{ event_datetime: '2020-02-03T14:00:00.5+00:00', ...changes },
  })
  return [
    7,
    ['a'],
    'text',
    null,
    ...[
      ...['12', ' 12 ', '\u00a012', '1e3', '+5', 12.5, '99999999999999999999', null, true].map((customer_id) => ({
        customer_id,
      })),
      ...ODD_NAMES.map((message_id) => ({ message_id })),
      ...ODD_NAMES.map((customer_name) => ({ customer_id: 9, customer_name })),
      ...ODD_MOMENTS.map((event_datetime) => ({ customer_id: 10, event_datetime })),
      ...[' E-mail ', 'WHATSAPP', '\u00a0Sms', '', null].map((channel) => ({ channel })),
      ...['a\nb', '\\', '"', "'", '\\N', '\\.', '', null, { a: 1 }].map((payload) => ({ payload })),
    ].map(message),
  ]
}

function chatbotMessage(content: unknown, timestamp = '2019-12-16T15:00:00+00:00') {
  return { customer: 'C3000', flow: 'F3000', session: 'S4000', timestamp, content }
}

function pixTransaction(transaction_id: string, changes: object) {
  return {
    ...{ transaction_id, payer_id: 'P1', payee_id: 'P2', amount: '10.00', transacted_at: '2020-03-01T00:00:00Z' },
    ...{ channel: ' APP', device_id: 'D1', context: '{}', ...changes },
  }
}

/** Writes a file of JSON values, one a line: chatbots send an array of them. */
async function write(path: string, values: readonly unknown[]): Promise<void> {
  const lines = values.map((value) => JSON.stringify(value))
  const isArray = path.startsWith('seeds/chatbot')
  await writeFile(join(root, path), isArray ? `[${lines.join(',\n')}]` : `${lines.join('\n')}\n`)
}

/** Builds both targets as one moment. Every data test ends in the same way on both; none fails. */
async function buildBoth(runStartedAt: string): Promise<void> {
  const [duckdb, postgres] = [await build('dev', runStartedAt), await build('postgres', runStartedAt)]
  expect(postgres).toEqual(duckdb)
}

/** What a command is given to reach either target, in silence. */
function worldOf(): World {
  const { host, port, user, password, database: name } = database.options
  const silent = { write: () => true } as unknown as World['stdout'] // only `write` is used
  const { signal } = new AbortController()
  const env = { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: name }
  return { cwd: root, env, stdout: silent, stderr: silent, signal }
}

/** Builds a target. Returns how each node and test ended. */
async function build(target: (typeof TARGETS)[number], runStartedAt: string): Promise<readonly string[]> {
  const world = worldOf()
  const project = await loadProject({ target }, world, () => {})
  manifest = project.manifest
  const { results } = await execute({
    command: 'build',
    manifest: project.manifest,
    project: { ...project.context, runStartedAt },
    adapter: await project.createAdapter(),
    selected: await selectNodes(project, {}, ['seed', 'model', 'snapshot', 'test']),
    threads: 4,
    publish: 'all',
    copyTo: undefined,
    versions: 0,
    fullRefresh: false,
    storeFailures: undefined,
    failFast: false,
    waitMs: 0,
    lockWaitMs: 60_000,
    emit: () => {},
    signal: world.signal,
    version: '0.0.0',
  })
  const failed = results.filter(({ status }) => status === 'error' || status === 'fail' || status === 'skipped')
  expect(failed.map(({ id, message, diagnostics }) => [target, id, message, diagnostics[0]?.message])).toEqual([])
  return results.map(({ id, status, failures }) => `${id} ${status} ${failures ?? ''}`).sort()
}

interface Table {
  readonly node: string
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SqlValue[])[]
}

/** Compares every published relation, one after the other, so that a difference can be read. */
async function compareTables(): Promise<void> {
  const duckdb = await tablesOf('dev')
  const postgres = await tablesOf('postgres')
  expect(postgres.map(({ name }) => name)).toEqual(duckdb.map(({ name }) => name))
  for (const [index, { name, columns, rows }] of duckdb.entries()) {
    const other = postgres[index]!
    expect([name, ...other.columns.map(sameType)]).toEqual([name, ...columns.map(sameType)])
    expect([name, ...other.rows.map((row, number) => row.map((value, at) => near(value, rows[number]?.[at])))]).toEqual(
      [name, ...rows],
    )
  }
}

/** Types that correspond, by the name of DuckDB's. */
const TYPES: Readonly<Record<string, string>> = {
  text: 'VARCHAR',
  'character varying': 'VARCHAR',
  'double precision': 'DOUBLE',
  'timestamp without time zone': 'TIMESTAMP',
}

function sameType(column: string): string {
  const [name = '', type = ''] = column.split(' : ')
  return `${name} : ${TYPES[type] ?? type.replace('numeric', 'decimal').toUpperCase()}`
}

/** A double that differs in its last digits at most is equal. */
function near(value: SqlValue, expected: SqlValue | undefined): SqlValue {
  const areNumbers = typeof value === 'number' && typeof expected === 'number'
  const isNear = areNumbers && Math.abs(value - expected) <= 1e-12 * Math.abs(expected)
  return isNear ? expected : value
}

async function tablesOf(target: (typeof TARGETS)[number]): Promise<readonly Table[]> {
  const adapter =
    target === 'dev'
      ? createDuckdbAdapter({ path: join(root, 'platform.duckdb'), projectRoot: root })
      : createPostgresAdapter(database.options)
  await adapter.open({ mode: 'read', runId: 'test', waitMs: 0 })
  try {
    const connection = await adapter.connect()
    const { rows } = await connection.query(
      'select schema_name, identifier, node_id from _lavra.relations order by 1, 2',
    )
    const tables: Table[] = []
    for (const row of rows) {
      const [schema, identifier, node] = row.map(String)
      tables.push(await readTable(adapter, connection, { schema: schema!, identifier: identifier!, node: node! }))
    }
    return tables
  } finally {
    await adapter.close()
  }
}

async function readTable(
  adapter: Adapter,
  connection: Connection,
  { node, ...relation }: { readonly schema: string; readonly identifier: string; readonly node: string },
): Promise<Table> {
  const columns = await connection.columnsOf(relation)
  const key = keyOf(node)
  const byKey = [...columns].sort((a, b) => Number(key.includes(b.name)) - Number(key.includes(a.name)))
  const order = byKey.map(({ name, type }) => orderBy(adapter, name, type))
  const { rows } = await connection.query(
    `select * from ${adapter.dialect.render(relation)} order by ${order.join(', ')}`,
  )
  const name = `${relation.schema}.${relation.identifier}`
  return { node, name, columns: columns.map((column) => `${column.name} : ${column.type}`), rows }
}

/** Text by its bytes, whatever the database's language is. */
function orderBy(adapter: Adapter, name: string, type: string): string {
  const column = adapter.dialect.quote(name)
  const isText = /^(?:text|character varying|json)$/.test(type)
  return `${isText ? `${column}::text collate "C"` : column} nulls first`
}

/** The columns that identify a row of a node: `unique_key`, or what a data test says of it. */
function keyOf(id: string): readonly string[] {
  const node = [...manifest.nodes.values()].find((each) => each.id === id)
  const own = node?.config.unique_key
  if (own !== undefined) return typeof own === 'string' ? [own] : own
  const tests = [...manifest.nodes.values()].flatMap((each) =>
    each.kind === 'test' && each.generic?.attachedTo === id ? [each.generic] : [],
  )
  const combination = tests.find(({ name }) => name === 'unique_combination_of_columns')?.kwargs.combination_of_columns
  if (Array.isArray(combination)) return combination.map(String)
  return tests.flatMap(({ name, columnName }) => (name === 'unique' && columnName !== undefined ? [columnName] : []))
}
