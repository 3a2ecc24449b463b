import type { OutputFiles } from './output-files.ts'
import { hexId, type Random } from './random.ts'

const DAY = 24 * 3600 * 1000
const START = Date.UTC(2020, 0, 1)
const FRAUD_TYPES = ['account_takeover', 'social_engineering', 'cloned_device', 'mule_account']

export interface PixHistory {
  readonly transactions: number
  readonly payers: number
  readonly days: number
}

interface Transaction {
  readonly transaction_id: string
  readonly payer_id: string | null
  readonly payee_id: string
  readonly amount: string
  readonly transacted_at: string
  readonly channel: string
  readonly device_id: string
  readonly context: string
}

/**
 * Writes a history of Pix payments, one file a month, and the labels that came later. One payment in forty is a fraud: at
 * night, far above the payer's habit, to an unknown payee, from a new device. One in thirty has a context that is cut off,
 * one in sixty comes twice, one in two hundred lacks its payer or has an amount that is none.
 */
export async function writePixLabelsAndTransactions(
  files: OutputFiles,
  history: PixHistory,
  random: Random,
): Promise<void> {
  for (let index = 0; index < history.transactions; index++) {
    const isFraud = random.chance(1 / 40)
    const transaction = makeTransaction(index, history, isFraud, random)
    const file = `pix/transactions/month=${transaction.transacted_at.slice(0, 7)}.json`
    await files.writeLine(file, JSON.stringify(transaction))
    if (random.chance(1 / 60)) await files.writeLine(file, JSON.stringify(transaction))
    if (isFraud) await files.writeLine('pix/labels/labels.json', JSON.stringify(makeLabel(transaction, random)))
  }
}

function makeTransaction(index: number, history: PixHistory, isFraud: boolean, random: Random): Transaction {
  const payer = random.below(history.payers)
  const day = Math.floor((index / history.transactions) * history.days)
  const timeOfDay = isFraud ? random.below(5 * 3600) : 7 * 3600 + random.below(15 * 3600)
  const transactedAt = new Date(START + day * DAY + timeOfDay * 1000 + random.below(1000))
  const habit = 40 + (payer % 10) * 35
  const cents = Math.round(habit * 100 * (isFraud ? 6 + random.next() * 10 : 0.4 + random.next() * 1.2))
  const device = isFraud ? `D${hexId(index, 77)}` : `D${String(payer).padStart(4, '0')}`
  return {
    transaction_id: hexId(index, 0x91f3),
    payer_id: random.chance(1 / 200) ? null : `P${String(payer).padStart(5, '0')}`,
    payee_id: isFraud ? `R${hexId(index, 5)}` : `R${String((payer * 7 + random.below(6)) % 200).padStart(5, '0')}`,
    amount: random.chance(1 / 200) ? 'R$ ?' : (cents / 100).toFixed(2),
    transacted_at: transactedAt.toISOString().replace('Z', '+00:00'),
    channel: random.pick(['app', 'app', 'app', 'web', 'api']),
    device_id: device,
    context: makeContext(payer, isFraud, random),
  }
}

function makeContext(payer: number, isFraud: boolean, random: Random): string {
  const context = JSON.stringify({
    city: isFraud ? random.pick(['Manaus', 'Belém']) : ['São Paulo', 'Recife', 'Curitiba', 'Salvador'][payer % 4],
    app_version: random.pick(['4.1.0', '4.1.2', '4.2.0']),
    device_age_days: isFraud ? random.below(3) : 90 + random.below(700),
  })
  return random.chance(1 / 30) ? context.slice(0, 10 + random.below(context.length - 12)) : context
}

function makeLabel(transaction: Transaction, random: Random): object {
  const labelledAt = new Date(Date.parse(transaction.transacted_at) + (1 + random.below(20)) * DAY)
  return {
    transaction_id: transaction.transaction_id,
    fraud_type: random.pick(FRAUD_TYPES),
    labelled_at: labelledAt.toISOString().replace('Z', '+00:00'),
  }
}
