/**
 * Makes inputs for the project: the sample that ships below `seeds/`, or any amount of the same kind. The same flags give
 * the same files.
 *
 *     npm run generate                                  the sample, into seeds/
 *     npm run generate -- --into /data/inputs --notifications 1000000 --customers 500 --days 2
 */
import { parseArgs } from 'node:util'
import { writeChatbotMessages } from './inputs/chatbot.ts'
import { writeInvoices } from './inputs/invoices.ts'
import { writeNotifications } from './inputs/notifications.ts'
import { outputFiles } from './inputs/output-files.ts'
import { writePixLabelsAndTransactions } from './inputs/pix.ts'
import { writePredictions } from './inputs/predictions.ts'
import { seededRandom } from './inputs/random.ts'
import { writeSample } from './inputs/sample.ts'

const DAY = 24 * 3600 * 1000

const { values } = parseArgs({
  options: {
    into: { type: 'string', default: 'seeds' },
    seed: { type: 'string', default: '1' },
    customers: { type: 'string', default: '100' },
    days: { type: 'string', default: '1' },
    notifications: { type: 'string' },
    invoices: { type: 'string' },
    'chatbot-messages': { type: 'string' },
    transactions: { type: 'string' },
    predictions: { type: 'string' },
  },
})

const amounts = ['notifications', 'invoices', 'chatbot-messages', 'transactions', 'predictions'] as const
const files = outputFiles(values.into)
if (amounts.every((name) => values[name] === undefined)) {
  await writeSample(files)
} else {
  await writeAmounts()
}
console.log(`${(await files.close()).length} files in ${values.into}`)

async function writeAmounts(): Promise<void> {
  const random = seededRandom(wholeNumber('seed'))
  const customers = wholeNumber('customers')
  const days = wholeNumber('days')
  if (values.notifications !== undefined) {
    const from = Date.UTC(2020, 1, 3)
    const senders = Array.from({ length: customers }, (_, index) => ({
      customer_id: 7_000_000 + index,
      customer_name: `Customer ${index}`,
    }))
    const traffic = { senders, from, until: from + days * DAY, extension: '.json', firstNumber: 0 }
    await writeNotifications(files, { ...traffic, whatsapp: wholeNumber('notifications') }, random)
  }
  if (values.invoices !== undefined) await writeInvoices(files, { invoices: wholeNumber('invoices') }, random)
  if (values['chatbot-messages'] !== undefined) {
    await writeChatbotMessages(files, { messages: wholeNumber('chatbot-messages'), flows: 20 }, random)
  }
  if (values.transactions !== undefined) {
    const history = { transactions: wholeNumber('transactions'), payers: customers, days }
    await writePixLabelsAndTransactions(files, history, random)
  }
  if (values.predictions !== undefined) {
    await writePredictions(files, { rows: wholeNumber('predictions'), filesOf: 1_000_000 }, random)
  }
}

function wholeNumber(name: 'seed' | 'customers' | 'days' | (typeof amounts)[number]): number {
  const text = values[name] ?? ''
  if (/^[1-9][0-9]*$/.test(text)) return Number(text)
  console.error(`--${name} takes a whole number above 0, not "${text}".`)
  process.exit(2)
}
