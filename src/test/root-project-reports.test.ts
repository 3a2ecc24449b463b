import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { World } from '../commands/flags.ts'
import { main } from '../commands/main.ts'
import { normalize } from './docs/normalize.ts'
import { createTestPostgres, type TestPostgres } from './postgres/database.ts'

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const PARTS = ['project.yml', 'profiles.yml', 'models', 'seeds', 'macros', 'tests', 'snapshots']

/** The dashboards of the root project say the same on both engines, and nothing is wrong with them. */
describe.each(['dev', 'postgres'])(
  'the dashboards of the root project on the target %s',
  { timeout: 120_000 },
  (target) => {
    let root: string
    let database: TestPostgres

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'lavra-platform-'))
      for (const part of PARTS) await cp(join(REPOSITORY, part), join(root, part), { recursive: true })
      database = await createTestPostgres({ locale: 'pt-BR' })
      expect(await lavra('build', '--quiet')).toMatch(/exit 0$/)
    }, 120_000)
    afterAll(async () => {
      await database.remove()
      await rm(root, { recursive: true, force: true })
    })

    /** What a command prints on standard output, then its exit code. */
    const lavra = async (...argv: readonly string[]) => {
      let text = ''
      const { host, port, user, password, database: name } = database.options
      const env = { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: name }
      const write = (part: string) => {
        text += part
        return true
      }
      const stdout = { write } as unknown as World['stdout'] // only `write` is used
      const code = await main([...argv, '--target', target], { cwd: root, env, stdout, stderr: stdout })
      return `${normalize(text)}exit ${code}`
    }
    const report = (...argv: readonly string[]) => lavra('report', ...argv, '--quiet')

    test('are checked', async () => {
      expect(
        await lavra('check'),
      ).toBe(`chatbot_report: not checked, "chatbot_report" is one relation per value of a query
Checked 241 nodes in 0.00s: no problems
exit 0`)
    })

    test('the panel of one customer', async () => {
      expect(
        await report(
          'painel_de_notificacoes',
          '--panel',
          'painel',
          '--filter',
          'customer_id=7494212',
          '--locale',
          'pt-BR',
        ),
      ).toBe(`Painel de Notificações
Cliente: Acme
Notificações Whatsapp: 5.000
Última atualização: 03/02/2020 15:00:00 UTC
exit 0`)
    })

    test('the detailed report of one customer, to be searched and exported', async () => {
      const details = ['relatorio_detalhado_de_notificacoes', '--filter', 'customer_id=7494212']
      expect(
        await report(...details, 'payload=última', 'event_datetime=2020-02-03', '--limit', '1', '--locale', 'pt-BR'),
      ).toBe(`Relatório Detalhado de Notificações
| Mensagem ID | Payload                                                              | Data hora                   |
| ----------- | -------------------------------------------------------------------- | --------------------------- |
| A61D178E73  | Não identificamos a sua última mensagem. Por favor, entre em contato | 03/02/2020 14:00:01,099 UTC |
exit 0`)
      expect(await report(...details, '--format', 'csv', '--output-file', 'acme.csv')).toBe('exit 0')
      const lines = (await readFile(join(root, 'acme.csv'), 'utf8')).split('\r\n')
      expect(lines.length).toBe(25_002)
      expect(lines[0]).toBe('message_id,payload,event_datetime')
      expect(lines[1]).toBe(
        '5B81FF24A1,"Olá XXXXX, seja muito bem-vindo! Precisa de alguma ajuda?",2020-02-03T14:00:01.001+00:00',
      )
    })

    test('the bills by day', async () => {
      expect(
        await report('relatorio_de_cobranca', '--filter', 'billing_date=2020-02-03', '--locale', 'pt-BR'),
      ).toBe(`Relatório de Cobrança
| Cliente | Notificações Whatsapp |       Valor | Data       |
| ------- | --------------------- | ----------- | ---------- |
| Acme    |                25.000 | R$ 1.000,00 | 03/02/2020 |

Valor por dia
| Data       | Cliente |       Valor |
| ---------- | ------- | ----------- |
| 03/02/2020 | Acme    | R$ 1.000,00 |
exit 0`)
      expect(await report('notification_billing', '--where', 'customer_id = 7494212', '--format', 'json')).toBe(`[
  {"customer_id": 7494212, "customer_name": "Acme", "whatsapp_notifications": 25000, "amount": 1000.00, "billing_date": "2020-02-03"}
]
exit 0`)
    })

    test('the invoices', async () => {
      expect(await report('media_de_faturas', '--locale', 'pt-BR')).toBe(`Média de faturas por conta
| Cliente | Conta | Média dos últimos 3 meses | Média dos últimos 6 meses |
| ------- | ----- | ------------------------- | ------------------------- |
| C1000   | A1100 |                 56.333,33 |                 41.416,66 |
| C1000   | A1200 |                 50.666,66 |                           |
| C1000   | A1300 |                           |                           |
| C2000   | A2100 |                 55.400,00 |                           |
exit 0`)
    })

    test('the answers of every flow, with masked tax numbers; a new flow appears by itself', async () => {
      expect(await report('respostas_do_chatbot', '--locale', 'pt-BR')).toBe(`Respostas do fluxo f1000
| Cliente | Fluxo | Sessão | Primeira resposta       | Última resposta         | name  | cpf            | delivery_confirmed |
| ------- | ----- | ------ | ----------------------- | ----------------------- | ----- | -------------- | ------------------ |
| C1000   | F1000 | S1000  | 16/12/2019 13:59:58 UTC | 16/12/2019 14:00:01 UTC | maria | ***.***.***-40 | true               |
| C1000   | F1000 | S2000  | 16/12/2019 13:59:59 UTC | 16/12/2019 14:00:00 UTC | joao  | ***.***.***-26 | false              |

Respostas do fluxo f2000
| Cliente | Fluxo | Sessão | Primeira resposta       | Última resposta         | recomenda | nota |
| ------- | ----- | ------ | ----------------------- | ----------------------- | --------- | ---- |
| C2000   | F2000 | S3000  | 16/12/2019 13:59:59 UTC | 16/12/2019 14:00:01 UTC | Simmmmmmm | 9    |
exit 0`)
      const content = { 'e-mail do cliente': 'ana@example.com', select: 'sim' }
      const message = {
        customer: 'C3000',
        flow: 'F3000',
        session: 'S4000',
        timestamp: '2019-12-16T15:00:00+00:00',
        content,
      }
      await writeFile(join(root, 'seeds/chatbot/hour=15.json'), JSON.stringify([message]))
      expect(await lavra('build', '--quiet')).toMatch(/exit 0$/)
      expect(await report('respostas_do_chatbot', '--panel', 'chatbot_report_f3000')).toBe(`Answers of the flow f3000
| Customer | Flow  | Session | First answer              | Last answer               | e-mail do cliente | select |
| -------- | ----- | ------- | ------------------------- | ------------------------- | ----------------- | ------ |
| C3000    | F3000 | S4000   | Dec 16, 2019 15:00:00 UTC | Dec 16, 2019 15:00:00 UTC | ana@example.com   | sim    |
exit 0`)
    })
  },
)
