import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadProject } from '../../commands/load-project.ts'
import { declaredClasses } from '../../manifest/personal-data.ts'
import { readRelations } from '../../state/read.ts'
import type { PublishedRelation } from '../../state/rows.ts'
import { TEST_ENGINES } from '../../test/engines.ts'
import { TemporaryProject } from '../../test/temporary-project.ts'
import { writeDashboardData } from './dashboard-data.ts'
import type { PanelIndex } from './dashboard-index.ts'

const FILES = {
  'models/messages.sql': `
select * from (values
  (7, 'Acme', 'm1', cast(9007199254740993 as bigint), cast(0.10 as decimal(18, 2)), 'ana@example.com', timestamp '2020-02-03 14:00:00'),
  (7, 'Acme', 'm2', 1, 2.00, 'b', timestamp '2020-02-03 15:00:00'),
  (7, 'Acme', 'm3', 2, 3.00, null, timestamp '2020-02-03 16:00:00'),
  (9, 'Bruno', 'm4', 3, 4.00, 'c@d.e', timestamp '2020-02-04 14:00:00'),
  (null, 'nobody', 'm5', 3, 4.00, 'c@d.e', timestamp '2020-02-05 14:00:00')
) as rows (customer_id, customer, message_id, size, price, email, sent_at)
`,
  'models/flows.sql': `
-- depends_on: {{ ref('messages') }}
select message_id, price{% if execute and value.flow == 'Acme' %}, size{% endif %} from {{ ref('messages') }}
where customer = '{{ value.flow }}'
`,
  'models/shop.yml': `
models:
  - name: flows
    config:
      per_value:
        query: "select distinct customer as flow from {{ ref('messages') }} where customer <> 'nobody'"
        name: 'flow_{{ value.flow }}'
  - name: messages
    columns:
      - { name: email, meta: { pii: email } }
      - { name: message_id, meta: { label: Message } }
exposures:
  - name: messages
    label: Mensagens
    type: dashboard
    description: What was sent.
    owner: { name: Ana }
    meta:
      panels:
        - name: details
          title: { en: Messages, pt: Mensagens }
          type: table
          model: ref('messages')
          columns: [message_id, size, price, email]
          filter: { column: customer_id, label: { en: Customer, pt: Cliente }, shown_as: customer, required: true }
          order_by: sent_at desc
          limit: 2
          export: true
        - name: by_time
          type: line
          model: ref('messages')
          x: sent_at
          y: price
          columns: [{ name: price, format: money, currency: BRL }]
          order_by: sent_at
        - { name: flows, title: 'Flow {value}', type: table, model: ref('flows'), order_by: message_id }
`,
}

describe.each(TEST_ENGINES)('the data of a dashboard on $name', (engine) => {
  let project: TemporaryProject

  beforeAll(async () => {
    project = await TemporaryProject.make(FILES, engine)
    const { execution } = await project.run()
    expect(execution.results.flatMap(({ diagnostics }) => diagnostics)).toEqual([])
  })
  afterAll(() => project.remove())

  const write = async (
    between: (states: readonly PublishedRelation[]) => readonly PublishedRelation[] = (same) => same,
  ) => {
    const loaded = await loadProject({}, project.world(), () => {})
    const adapter = await loaded.createAdapter()
    await adapter.open({ mode: 'read', runId: 'a test', waitMs: 0 })
    const files = new Map<string, string>()
    try {
      const connection = await adapter.connect()
      const exposure = [...loaded.manifest.exposures.values()][0]!
      const index = await writeDashboardData({
        manifest: loaded.manifest,
        exposure,
        dialect: adapter.dialect,
        database: adapter.database,
        connection,
        classOf: declaredClasses(loaded.manifest),
        readStates: async () => between(await readRelations(connection, adapter.dialect)),
        sink: {
          write: async ({ path, text }) => void files.set(path, text),
          restart: async () => files.clear(),
        },
        pageRows: 2,
      })
      return { index, files }
    } finally {
      await adapter.close()
    }
  }

  test('is files of few rows each, with the rows of what is chosen together, exact and masked', async () => {
    const { files } = await write()
    const { 'index.json': _, ...pages } = Object.fromEntries(files)
    expect(pages).toEqual({
      'panel-1/rows-1.json': '{"rows":[\n["m3",2,"3.00",null,7,"Acme"],\n["m2",1,"2.00","***",7,"Acme"]\n]}\n',
      'panel-1/rows-2.json':
        '{"rows":[\n["m4",3,"4.00","***@d.e",9,"Bruno"],\n["m5",3,"4.00","***@d.e",null,"nobody"]\n]}\n',
      'panel-1/choices-1.json':
        '{"choices":[\n{"value":7,"text":"Acme","first":0,"rows":2},\n{"value":9,"text":"Bruno","first":2,"rows":1}\n]}\n',
      'panel-1/choices-2.json': '{"choices":[\n{"value":null,"text":"nobody","first":3,"rows":1}\n]}\n',
      'panel-2/rows-1.json': '{"rows":[\n["2020-02-03T14:00:00","0.10"],\n["2020-02-03T15:00:00","2.00"]\n]}\n',
      'panel-2/rows-2.json': '{"rows":[\n["2020-02-03T16:00:00","3.00"],\n["2020-02-04T14:00:00","4.00"]\n]}\n',
      'panel-2/rows-3.json': '{"rows":[\n["2020-02-05T14:00:00","4.00"]\n]}\n',
      'panel-3/rows-1.json': '{"rows":[\n["m1","0.10","9007199254740993"],\n["m2","2.00",1]\n]}\n',
      'panel-3/rows-2.json': '{"rows":[\n["m3","3.00",2]\n]}\n',
      'panel-4/rows-1.json': '{"rows":[\n["m4","4.00"]\n]}\n',
    })
  })

  test('is told of in its index', async () => {
    const { files, index } = await write()
    expect(JSON.parse(files.get('index.json')!)).toEqual(index)
    const { panels, ...dashboard } = index
    expect(dashboard).toEqual({ form: 1, name: 'messages', label: 'Mensagens', description: 'What was sent.' })
    const [first, second, ...others] = panels.map(withoutRun)
    const text = (name: string, label = name) => ({
      name,
      label: { en: label, pt: label },
      type: 'text',
      format: { kind: 'text' },
      hidden: false,
    })
    expect(first).toEqual({
      name: 'details',
      title: { en: 'Messages', pt: 'Mensagens' },
      type: 'table',
      node: 'model.shop.messages',
      folder: 'panel-1',
      relation: 'main.messages',
      columns: [
        text('message_id', 'Message'),
        { ...text('size'), type: 'integer' },
        { ...text('price'), type: 'decimal', format: { kind: 'number' } },
        { ...text('email'), masked: 'email' },
        { ...text('customer_id'), type: 'integer', hidden: true },
        { ...text('customer'), hidden: true },
      ],
      y: [],
      filters: [
        {
          column: 'customer_id',
          kind: 'select',
          label: { en: 'Customer', pt: 'Cliente' },
          required: true,
          shownAs: 'customer',
        },
      ],
      export: true,
      pageRows: 2,
      rows: 4,
      pages: 2,
      choices: 2,
    })
    expect(second).toMatchObject({ type: 'line', x: 'sent_at', y: ['price'], filters: [], rows: 5, pages: 3 })
    expect(others.map(({ name, title, relation }) => [name, title.en, relation])).toEqual([
      ['flow_Acme', 'Flow Acme', 'main.flow_Acme'],
      ['flow_Bruno', 'Flow Bruno', 'main.flow_Bruno'],
    ])
  })

  test('is written again when something was published meanwhile', async () => {
    let readings = 0
    const { index } = await write((states) => {
      readings += 1
      return readings < 3 ? states.map((state) => ({ ...state, runId: `run ${readings}` })) : states
    })
    expect(readings).toBe(4)
    const runs = await project.query('select distinct run_id from _lavra.relations')
    expect(index.panels.map(({ published }) => published?.run)).toEqual(index.panels.map(() => runs[0]?.[0]))
    const changing = write((states) => {
      readings += 1
      return states.map((state) => ({ ...state, runId: `run ${readings}` }))
    })
    await expect(changing).rejects.toThrow('"messages" was published anew each time that it was read.')
  })
})

function withoutRun({ published, ...panel }: PanelIndex): Omit<PanelIndex, 'published'> {
  expect(published?.run).toMatch(/^[0-9a-f-]{36}$/)
  expect(published?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)
  return panel
}
