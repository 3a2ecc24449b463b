import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { docsServe } from '../../commands/docs-serve.ts'
import type { World } from '../../commands/flags.ts'
import { postgresEngine, type TestEngine } from '../engines.ts'
import { siteData } from '../site-data.ts'
import { TemporaryProject } from '../temporary-project.ts'

const projects: TemporaryProject[] = []

async function project(files: Readonly<Record<string, string>>, engine?: TestEngine): Promise<TemporaryProject> {
  const made = await TemporaryProject.make(files, engine)
  projects.push(made)
  return made
}

afterEach(async () => {
  await Promise.all(projects.splice(0).map((made) => made.remove()))
})

/** A shop whose descriptions try to get out of the page. */
const SHOP = {
  'seeds/raw_orders.csv': 'id,customer,amount\n1,Ana,10.5\n2,Bruno,0\n',
  'models/silver/orders.sql': "select id, customer, amount from {{ ref('raw_orders') }} where amount > 0 -- </script>",
  'models/gold/customers.sql': "select customer, sum(amount) as worth from {{ ref('orders') }} group by customer",
  'models/shop.yml': `models:
  - name: orders
    description: "**Paid** orders. <script>alert('out')</script>"
    config: { tags: [paid] }
    columns:
      - name: amount
        description: What was paid
        meta: { pii: false }
        data_tests: [not_null]
  - name: customers
    columns:
      - { name: worth }
      - { name: gone, description: Not there any more }
exposures:
  - name: revenue
    type: dashboard
    description: What comes in
    owner: { name: Sales }
    depends_on: ["ref('customers')"]
`,
  'models/overview.md': '{% docs __overview__ %}The shop.{% enddocs %}',
}

describe('docs generate', () => {
  test('writes an index with every node, its tests and its last result', async () => {
    const shop = await project(SHOP)
    await shop.lavra('build')
    expect((await shop.lavra('docs', 'generate')).text).toBe(
      'Wrote target/catalog.json with 3 relations\nWrote target/docs/index.html with 4 pages: open it in a browser\n',
    )
    const index = await siteData(shop, 'index')
    expect(index.project).toEqual({
      name: 'shop',
      description: 'The shop.',
      engine: 'duckdb',
      target: 'dev',
      isOffline: false,
    })
    expect(index.findings).toEqual({ errors: 0, warnings: 0 })
    expect(index.failing).toEqual([])
    expect(index.runs.map(({ command, status, published, counts }) => [command, status, published, counts])).toEqual([
      ['build', 'success', true, { success: 3, pass: 1 }],
    ])
    expect(index.nodes).toEqual([
      {
        id: 'seed.shop.raw_orders',
        name: 'raw_orders',
        kind: 'seed',
        package: 'shop',
        fqn: ['shop', 'raw_orders'],
        path: 'seeds/raw_orders.csv',
        tags: [],
        materialized: 'seed',
        columns: ['id', 'customer', 'amount'],
        summary: '',
        tests: { total: 0, passed: 0, warned: 0, failed: 0 },
        status: 'success',
        rows: 2,
        parents: [],
        chunk: 0,
      },
      {
        id: 'model.shop.orders',
        name: 'orders',
        kind: 'model',
        package: 'shop',
        fqn: ['shop', 'silver', 'orders'],
        path: 'models/silver/orders.sql',
        patchPath: 'models/shop.yml',
        tags: ['paid'],
        materialized: 'table',
        columns: ['id', 'customer', 'amount'],
        summary: "Paid orders. <script>alert('out')</script>",
        tests: { total: 1, passed: 1, warned: 0, failed: 0 },
        status: 'success',
        rows: 1,
        parents: [0],
        chunk: 0,
      },
      {
        id: 'model.shop.customers',
        name: 'customers',
        kind: 'model',
        package: 'shop',
        fqn: ['shop', 'gold', 'customers'],
        path: 'models/gold/customers.sql',
        patchPath: 'models/shop.yml',
        tags: [],
        materialized: 'table',
        columns: ['customer', 'worth', 'gone'],
        summary: '',
        tests: { total: 0, passed: 0, warned: 0, failed: 0 },
        status: 'success',
        rows: 1,
        parents: [1],
        chunk: 0,
      },
      {
        id: 'exposure.shop.revenue',
        name: 'revenue',
        kind: 'exposure',
        package: 'shop',
        fqn: ['shop', 'revenue'],
        path: 'models/shop.yml',
        tags: [],
        columns: [],
        summary: 'What comes in',
        tests: { total: 0, passed: 0, warned: 0, failed: 0 },
        parents: [2],
        chunk: 0,
      },
    ])
  })

  test('writes what the page of a node shows: columns as they are in the database, tests, SQL, and the way of its columns', async () => {
    const shop = await project(SHOP)
    await shop.lavra('build')
    await shop.lavra('docs', 'generate')
    const [, orders, customers, revenue] = Object.values(await siteData(shop, 'nodes/0'))
    const { results, publishedAt: _, tests, ...rest } = orders!
    expect(rest).toEqual({
      description: "**Paid** orders. <script>alert('out')</script>",
      relation: '"shop"."main"."orders"',
      relations: [],
      settings: [],
      columns: [
        { name: 'id', type: 'BIGINT', description: '', tags: [], meta: [], tests: [] },
        { name: 'customer', type: 'VARCHAR', description: '', tags: [], meta: [], tests: [] },
        {
          name: 'amount',
          type: 'DOUBLE',
          description: 'What was paid',
          tags: [],
          meta: [['pii', 'false']],
          tests: [0],
        },
      ],
      code: "select id, customer, amount from {{ ref('raw_orders') }} where amount > 0 -- </script>",
      compiled: 'select id, customer, amount from "shop"."main"."raw_orders" where amount > 0 -- </script>',
    })
    expect(results.map(({ status, rows }) => [status, rows])).toEqual([['success', 1]])
    expect(tests.map(({ results: _, sql: __, ...test }) => test)).toEqual([
      {
        name: 'not_null_orders_amount',
        generic: 'not_null',
        column: 'amount',
        severity: 'error',
        path: 'models/shop.yml',
        description: '',
      },
    ])
    expect(tests[0]!.results.map(({ status, failures }) => [status, failures])).toEqual([['pass', 0]])
    expect(customers!.columns.find(({ name }) => name === 'gone')).toMatchObject({ isMissing: true })
    expect(revenue!.exposure).toEqual({ type: 'dashboard', owner: 'Sales' })
    expect(await siteData(shop, 'lineage')).toEqual([
      {
        columns: [
          { name: 'id', inputs: [] },
          { name: 'customer', inputs: [] },
          { name: 'amount', inputs: [] },
        ],
        rows: [],
      },
      {
        columns: [
          { name: 'id', inputs: [[0, 'id', 'copied']] },
          { name: 'customer', inputs: [[0, 'customer', 'copied']] },
          { name: 'amount', inputs: [[0, 'amount', 'copied']] },
        ],
        rows: [[0, 'amount', 'filtered']],
      },
      {
        columns: [
          { name: 'customer', inputs: [[1, 'customer', 'copied']] },
          { name: 'worth', inputs: [[1, 'amount', 'derived']] },
        ],
        rows: [[1, 'customer', 'grouped']],
      },
      null,
    ])
  })

  test('tells tests that failed, nodes that cannot be compiled, and what check finds', async () => {
    const shop = await project({ ...SHOP, 'tests/no_orders.sql': "select * from {{ ref('orders') }}" })
    await shop.lavra('build')
    await shop.write({
      'models/gold/customers.sql': "select 1 as id {% if execute %}{{ 1 // 0 }}{% endif %} from {{ ref('orders') }}",
    })
    await shop.write({ 'models/silver/orders.sql': "select nope from {{ ref('raw_orders') }}" })
    await shop.lavra('docs', 'generate')
    const index = await siteData(shop, 'index')
    expect(index.failing).toEqual([
      { name: 'no_orders', nodes: [1], status: 'fail', failures: 1, message: expect.any(String) },
    ])
    expect(index.findings).toEqual({ errors: 1, warnings: 0 })
    const findings = await siteData(shop, 'findings')
    expect(findings.map(({ code, path, line, column, node }) => [code, path, line, column, node])).toEqual([
      ['database', 'models/silver/orders.sql', 1, 8, 1],
    ])
    expect((await siteData(shop, 'nodes/0'))[2]!.notCompiled).toMatch(/division/i)
  })

  test('nothing of a description or of SQL can end a script, and data of nodes that are gone go as well', async () => {
    const shop = await project(SHOP)
    await shop.lavra('build')
    await shop.lavra('docs', 'generate')
    const folder = join(shop.root, 'target/docs')
    for (const name of await readdir(join(folder, 'data'), { recursive: true })) {
      if (name.endsWith('.js')) expect(await readFile(join(folder, 'data', name), 'utf8')).not.toContain('<')
    }
    await writeFile(join(folder, 'data/nodes/7.js'), 'old')
    await shop.lavra('docs', 'generate')
    expect(existsSync(join(folder, 'data/nodes/7.js'))).toBe(false)
  })

  test('a Postgres server is documented as it is, and one that takes no writes without lineage', async () => {
    const shop = await project(SHOP, postgresEngine)
    await shop.lavra('build')
    await shop.lavra('docs', 'generate')
    const index = await siteData(shop, 'index')
    expect(index.project.engine).toBe('postgres')
    expect(index.runs.map(({ counts }) => counts)).toEqual([{ success: 3, pass: 1 }])
    expect(Date.parse(index.runs[0]!.startedAt)).toBeGreaterThan(Date.parse('2026-01-01'))
    expect((await siteData(shop, 'lineage'))[2]!.columns).toEqual([
      { name: 'customer', inputs: [[1, 'customer', 'copied']] },
      { name: 'worth', inputs: [[1, 'amount', 'derived']] },
    ])
    await shop.change(
      "do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$",
    )
    const { code, text } = await shop.lavra('docs', 'generate')
    expect([code, text]).toEqual([0, expect.stringContaining('warning[documentation-without-lineage]')])
    expect(await siteData(shop, 'index')).toMatchObject({ hasLineage: false, runs: [{ command: 'build' }] })
  })

  test('without a database there are pages all the same', async () => {
    const shop = await project(SHOP)
    expect((await shop.lavra('docs', 'generate')).text).toBe(
      'Wrote target/catalog.json with 0 relations\nWrote target/docs/index.html with 4 pages: open it in a browser\n',
    )
    const index = await siteData(shop, 'index')
    expect(index.runs).toEqual([])
    // What the models would make.
    expect(index.nodes[1]!.columns).toEqual(['id', 'customer', 'amount'])
    const { columns } = (await siteData(shop, 'nodes/0'))[1]!
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id BIGINT',
      'customer VARCHAR',
      'amount DOUBLE',
    ])
  })
})

describe('docs serve', () => {
  test('serves the pages, tells of changes and of mistakes, and ends when it is interrupted', async () => {
    const shop = await project(SHOP)
    await shop.lavra('build')
    const interruption = new AbortController()
    const output = listening()
    const world: World = { ...shop.world(), stdout: output.stream, signal: interruption.signal }
    const serving = docsServe({ port: 0 }, world)
    const url = (await output.until(/http:\S+/))[0]
    const events = await fetch(`${url}events`)
    const told = telling(events)

    expect(await (await fetch(url)).text()).toContain('<title>shop</title>')
    expect((await fetch(`${url}data/index.js`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect((await fetch(`${url}..%2fmanifest.json`)).status).toBe(404)
    expect((await fetch(url, { method: 'POST' })).status).toBe(405)

    await shop.write({ 'models/gold/first.sql': "select * from {{ ref('customers') }}" })
    expect(await told.next('changed')).toBe('')
    expect((await siteData(shop, 'index')).nodes.map(({ name }) => name)).toContain('first')
    await shop.write({ 'models/gold/first.sql': "select * from {{ ref('nobody') }}" })
    expect(await told.next('problem')).toMatch(/nobody/)

    interruption.abort()
    expect(await serving).toBe(0)
  })
})

function listening() {
  let text = ''
  let tell = () => {}
  const stream = {
    write: (part: string) => {
      text += part
      tell()
      return true
    },
  } as unknown as World['stdout'] // only `write` is used
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(text)
      if (found) return found
      await new Promise<void>((resolve) => {
        tell = resolve
      })
    }
  }
  return { stream, until }
}

/** The events of a server, one after the other. */
function telling(response: Response) {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    next: async (event: string): Promise<string> => {
      for (;;) {
        const found = new RegExp(`event: ${event}\ndata: (.*)\n\n`).exec(text)
        if (found) {
          text = text.slice(found.index + found[0].length)
          return JSON.parse(found[1]!)
        }
        const { value, done } = await reader.read()
        if (done) throw new Error(`The server ended before it told "${event}".`)
        text += value
      }
    },
  }
}
