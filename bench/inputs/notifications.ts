import type { OutputFiles } from './output-files.ts'
import { hexId, type Random } from './random.ts'

const SECOND = 1000
const HOUR = 3600 * SECOND

const PAYLOADS = [
  'Olá XXXXX, seja muito bem-vindo! Precisa de alguma ajuda?',
  'Não identificamos a sua última mensagem. Por favor, entre em contato',
  'O seu pedido saiu para entrega.',
  'A sua fatura fecha amanhã.',
  'Pagamento recebido, obrigado!',
]

export interface Sender {
  readonly customer_id: number
  readonly customer_name: string
}

export interface NotificationTraffic {
  readonly senders: readonly Sender[]
  /** Milliseconds since 1970: messages are spread evenly from here … */
  readonly from: number
  /** … to here, not included. */
  readonly until: number
  /** How many WhatsApp messages. SMS, e-mails and repeated deliveries come on top. */
  readonly whatsapp: number
  /** `.json` or `.json.gz`. */
  readonly extension: string
  /** The first message's number among all messages; ids are made from it. */
  readonly firstNumber: number
}

/**
 * Writes traffic as it lands from a topic that delivers at least once: one file for each hour of arrival, one message a
 * line. One in fifty messages is up to 70 minutes late, one in thirty comes twice, one in twenty-five is an SMS or an e-mail.
 */
export async function writeNotifications(
  files: OutputFiles,
  traffic: NotificationTraffic,
  random: Random,
): Promise<void> {
  const step = (traffic.until - traffic.from) / traffic.whatsapp
  let number = traffic.firstNumber

  const send = async (channel: string, sentAt: number) => {
    const sender = random.pick(traffic.senders)
    const line = JSON.stringify({
      customer_id: sender.customer_id,
      message_id: hexId(number, 0x5b81f),
      customer_name: sender.customer_name,
      channel,
      payload: random.pick(PAYLOADS),
      event_datetime: new Date(sentAt).toISOString().replace('Z', '+00:00'),
    })
    number += 1
    const delay = random.chance(1 / 50) ? random.below(70 * 60 * SECOND) : random.below(2 * SECOND)
    await files.writeLine(arrivalFile(sentAt + delay, traffic.extension), line)
    if (random.chance(1 / 30)) {
      await files.writeLine(arrivalFile(sentAt + delay + random.below(HOUR), traffic.extension), line)
    }
  }

  for (let index = 0; index < traffic.whatsapp; index++) {
    const sentAt = Math.floor(traffic.from + (index + random.next()) * step)
    await send('Whatsapp', sentAt)
    if (random.chance(1 / 25)) await send(random.pick(['SMS', 'E-mail']), sentAt)
  }
}

/** `notifications/date=2020-02-03/hour=14.json` for what arrives between 14:00 and 15:00 UTC. */
export function arrivalFile(arrivedAt: number, extension: string): string {
  const [date, time] = new Date(arrivedAt).toISOString().split('T')
  return `notifications/date=${date}/hour=${time?.slice(0, 2)}${extension}`
}
