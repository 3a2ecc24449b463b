import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { DataFiles } from '../../site/app/data-files.ts'
import { TEST_ENGINES, type TestEngine } from '../engines.ts'
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

const SHOP = {
  'seeds/people.csv': 'id,name,email\n1,</script>Ana,ana@example.com\n2,Bruno,bruno@example.com\n',
  'seeds/people.yml': 'seeds: [{ name: people, columns: [{ name: email, meta: { pii: email } }] }]',
  'models/orders.sql': 'select 1 as id, cast(1000 as decimal(18, 2)) as amount',
  'models/customers.sql': "select id, name, lower(email) as address from {{ ref('people') }}",
  'models/shop.yml': `
models: [{ name: customers, columns: [{ name: address, meta: { pii_reason: they are customers } }] }]
exposures:
  - name: sales
    label: Vendas
    type: dashboard
    owner: { name: Ana }
    meta: { panels: [{ name: orders, type: number, model: ref('orders') }] }
  - name: people
    type: dashboard
    owner: { name: Ana }
    meta: { panels: [{ name: customers, type: table, model: ref('customers'), order_by: id }] }
`,
}

describe.each(TEST_ENGINES)('the dashboards of the documentation on $name', (engine) => {
  test('have their data beside the pages, masked as the columns are that they are made of', async () => {
    const shop = await project(SHOP, engine)
    await shop.lavra('build')
    await shop.lavra('docs', 'generate')
    const [sales, people] = await dashboards(shop)
    expect([sales!.label, people!.label]).toEqual(['Vendas', 'people'])
    expect(await siteData(shop, `${sales!.data!}/panel-1/rows-1` as 'dashboards/0/rows-1')).toEqual({
      rows: [[1, '1000.00']],
    })
    expect(await siteData(shop, `${people!.data!}/panel-1/rows-1` as 'dashboards/0/rows-1')).toEqual({
      rows: [
        [1, '</script>Ana', '***@example.com'],
        [2, 'Bruno', '***@example.com'],
      ],
    })
    const text = await readFile(join(shop.root, 'target/docs/data', `${people!.data!}/panel-1/rows-1.js`), 'utf8')
    expect(text).not.toContain('<')
  })

  test('take the place of those that were made before', async () => {
    const shop = await project(SHOP, engine)
    await shop.lavra('build')
    await shop.lavra('docs', 'generate')
    const before = await makings(shop)
    // What a making left that was killed.
    await mkdir(join(shop.root, 'target/docs/data/dashboards/killed/0'), { recursive: true })
    await shop.lavra('docs', 'generate')
    const after = await makings(shop)
    expect([before.length, after.length]).toEqual([1, 1])
    expect(after).not.toEqual(before)
    expect((await dashboards(shop))[0]!.data).toBe(`dashboards/${after[0]!}/0`)
  })

  test('are empty where nothing is published', async () => {
    const shop = await project(SHOP, engine)
    expect((await shop.lavra('docs', 'generate')).code).toBe(0)
    expect(await dashboards(shop)).toEqual([
      { node: expect.any(Number), label: 'Vendas' },
      { node: expect.any(Number), label: 'people' },
    ])
  })

  test('are left out where nobody can tell what their columns are made of, and the page says so', async () => {
    const shop = await project(SHOP, engine)
    await shop.lavra('build')
    await shop.write({ 'models/customers.sql': "select id, name, lower(emial) as address from {{ ref('people') }}" })
    const { code, text } = await shop.lavra('docs', 'generate')
    expect(code).toBe(0)
    expect(text).toContain(`warning[dashboard-left-out] models/shop.yml:9:11
  The dashboard "people" is not in the documentation: what "customers" is made of is not known, and it may be personal data.
`)
    const [sales, people] = await dashboards(shop)
    expect(sales!.data).toBeDefined()
    expect(people).toEqual({
      node: expect.any(Number),
      label: 'people',
      problem: 'what "customers" is made of is not known, and it may be personal data.',
    })
    expect((await shop.lavra('--warn-error', 'docs', 'generate')).code).not.toBe(0)
    expect((await shop.lavra('docs', 'generate', '--no-compile')).text).toContain('dashboard-left-out')
    expect((await dashboards(shop)).map(({ data }) => data)).toEqual([undefined, undefined])
  })

  test('that the engine refuses are left out', async () => {
    const shop = await project(SHOP, engine)
    await shop.lavra('build')
    await shop.write({
      'models/shop.yml': SHOP['models/shop.yml'].replace("ref('orders') }", "ref('orders'), where: amuont > 1 }"),
    })
    const { code, text } = await shop.lavra('docs', 'generate')
    expect([code, text]).toEqual([0, expect.stringMatching(/"sales" is not in the documentation: .*amuont/)])
    expect((await dashboards(shop)).map((each) => each.data !== undefined)).toEqual([false, true])
  })
})

async function dashboards(shop: TemporaryProject): Promise<DataFiles['index']['dashboards']> {
  return (await siteData(shop, 'index')).dashboards.toSorted((a, b) => (a.label < b.label ? -1 : 1))
}

async function makings(shop: TemporaryProject): Promise<readonly string[]> {
  return await readdir(join(shop.root, 'target/docs/data/dashboards'))
}
