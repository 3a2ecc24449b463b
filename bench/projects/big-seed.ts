import { closeSync, openSync, writeSync } from 'node:fs'
import { seededRandom } from '../inputs/random.ts'

const ROWS_PER_WRITE = 10_000
const NAMES = ['Ana', 'Bruno', 'Clara', 'Davi', 'Eva', 'João', 'Lúcia']
const STATUSES = ['open', 'paid', 'sent', 'back']

/** The columns of the file, with the types that a load into a table made by hand wants. */
export const SEED_COLUMNS =
  'order_id bigint, customer text, ordered_at timestamp, amount double precision, status text, note text'

/** Writes a CSV file of orders: numbers, texts, times, amounts and empty values, some 60 bytes a row. */
export function writeSeed(path: string, rows: number): void {
  const random = seededRandom(3)
  const file = openSync(path, 'w')
  writeSync(file, 'order_id,customer,ordered_at,amount,status,note\n')
  for (let start = 1; start <= rows; start += ROWS_PER_WRITE) {
    const lines: string[] = []
    for (let id = start; id < Math.min(start + ROWS_PER_WRITE, rows + 1); id += 1) {
      const at = new Date(Date.UTC(2024, 0, 1) + random.below(31_536_000) * 1000).toISOString()
      const amount = (random.below(1_000_000) / 100).toFixed(2)
      const note = random.below(3) === 0 ? '' : `note ${random.below(1_000_000)}`
      const customer = `${NAMES[random.below(NAMES.length)]} ${random.below(90_000)}`
      lines.push(`${id},${customer},${at.slice(0, 10)} ${at.slice(11, 19)},${amount},${STATUSES[id % 4]},${note}\n`)
    }
    writeSync(file, lines.join(''))
  }
  closeSync(file)
}
