import { writeNotifications } from './notifications.ts'
import type { OutputFiles } from './output-files.ts'
import { writePixLabelsAndTransactions } from './pix.ts'
import { writePredictions } from './predictions.ts'
import { seededRandom } from './random.ts'

const ACME = { customer_id: 7494212, customer_name: 'Acme' }
const GREETING = {
  ...ACME,
  message_id: '5B81FF24A1',
  channel: 'Whatsapp',
  payload: 'Olá XXXXX, seja muito bem-vindo! Precisa de alguma ajuda?',
  event_datetime: '2020-02-03T14:00:01.001+00:00',
}
const NOT_UNDERSTOOD = {
  ...ACME,
  message_id: 'A61D178E73',
  channel: 'Whatsapp',
  payload: 'Não identificamos a sua última mensagem. Por favor, entre em contato',
  event_datetime: '2020-02-03T14:00:01.099+00:00',
}

/** To be read by people: the first two messages, and one of each thing that must not be counted. */
const FIRST_FILE: readonly object[] = [
  GREETING,
  NOT_UNDERSTOOD,
  { ...GREETING },
  {
    ...ACME,
    customer_name: 'Acme Telecom',
    message_id: '0C17A9D2E4',
    channel: 'SMS',
    payload: 'O seu código é 000000',
    event_datetime: '2020-02-03T13:59:40.500+00:00',
  },
  { ...GREETING, message_id: '93B4D0F716', channel: 'E-mail', payload: 'Bem-vindo!' },
  { ...GREETING, message_id: '', payload: 'Sem identidade' },
  { ...GREETING, message_id: '4E11D0A9B3', event_datetime: '2020-02-03 14:00' },
  { ...GREETING, message_id: '7A20C3F58D', event_datetime: '2020-02-03T11:00:02.250-03:00' },
]

/**
 * The inputs that ship with the project, below `seeds/`. On 2020-02-03 Acme sends 25,000 WhatsApp messages, 5,000 of them
 * before 15:00: three are in the first file, the others are made here.
 */
export async function writeSample(files: OutputFiles): Promise<void> {
  const random = seededRandom(20200203)
  for (const message of FIRST_FILE) {
    await files.writeLine('notifications/date=2020-02-03/hour=14.json', JSON.stringify(message))
  }
  const traffic = { senders: [ACME], extension: '.json.gz' }
  const afterFirstFile = Date.UTC(2020, 1, 3, 14, 0, 3)
  const threeOClock = Date.UTC(2020, 1, 3, 15)
  const midnight = Date.UTC(2020, 1, 4)
  const beforeThree = { from: afterFirstFile, until: threeOClock, whatsapp: 4_997, firstNumber: 0 }
  const afterThree = { from: threeOClock, until: midnight, whatsapp: 20_000, firstNumber: 10_000 }
  await writeNotifications(files, { ...traffic, ...beforeThree }, random)
  await writeNotifications(files, { ...traffic, ...afterThree }, random)
  await writePixLabelsAndTransactions(files, { transactions: 800, payers: 40, days: 45 }, random)
  await writePredictions(files, { rows: 25, filesOf: 25 }, random)
}
