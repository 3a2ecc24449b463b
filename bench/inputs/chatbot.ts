import type { OutputFiles } from './output-files.ts'
import type { Random } from './random.ts'

const START = Date.UTC(2019, 11, 16)
const QUESTIONS = ['name', 'cpf', 'e-mail do cliente', 'nota', 'recomenda', 'select', 'delivery_confirmed', 'bairro']

export interface Conversations {
  readonly messages: number
  readonly flows: number
}

/** Writes chatbot messages of one day, a file an hour. Every flow asks questions of its own; one answer in ten is empty. */
export async function writeChatbotMessages(
  files: OutputFiles,
  conversations: Conversations,
  random: Random,
): Promise<void> {
  let openFile: string | undefined
  for (let index = 0; index < conversations.messages; index++) {
    const at = new Date(START + Math.floor((index / conversations.messages) * 24 * 3600) * 1000)
    const file = `chatbot/hour=${at.toISOString().slice(11, 13)}.json`
    if (file !== openFile && openFile) await files.writeLine(openFile, ']')
    await files.writeLine(
      file,
      `${file === openFile ? ',' : '['}${JSON.stringify(makeMessage(at, conversations, random))}`,
    )
    openFile = file
  }
  if (openFile) await files.writeLine(openFile, ']')
}

function makeMessage(at: Date, conversations: Conversations, random: Random): object {
  const flow = random.below(conversations.flows)
  const question = random.pick(QUESTIONS.slice(flow % 4))
  return {
    customer: `C${1000 + (flow % 7)}`,
    flow: `F${1000 + flow}`,
    session: `S${random.below(Math.ceil(conversations.messages / 6))}`,
    timestamp: at.toISOString().replace('.000Z', '+00:00'),
    content: { [question]: random.chance(0.1) ? '' : `answer ${random.below(1000)}` },
  }
}
