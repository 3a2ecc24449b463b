import type { OutputFiles } from './output-files.ts'
import type { Random } from './random.ts'

const CLASSES = 30

export interface PredictionTable {
  readonly rows: number
  /** How many rows a file holds. */
  readonly filesOf: number
}

/** Writes `id_client` and the probabilities `class_0` … `class_29` of each client, which add up to 1. */
export async function writePredictions(files: OutputFiles, table: PredictionTable, random: Random): Promise<void> {
  for (let index = 0; index < table.rows; index++) {
    const part = String(Math.floor(index / table.filesOf)).padStart(4, '0')
    const weights = Array.from({ length: CLASSES }, () => random.next() ** 4)
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const probabilities = weights.map((weight, number) => [`class_${number}`, weight / total])
    const row = { id_client: 1_000_000 + index, ...Object.fromEntries(probabilities) }
    await files.writeLine(`predictions/part-${part}.json`, JSON.stringify(row))
  }
}
