import { plainText } from '../../report/locale-text.ts'
import { DateValue, Decimal, type SqlValue, TimestampValue } from '../../sql/value.ts'

/** A file of a dashboard's data, by its path below the dashboard's folder. */
export interface DataFile {
  readonly path: string
  /** JSON. */
  readonly text: string
}

/** A value of the chosen column, and which of the panel's rows are its own: they stand together. */
export interface Choice {
  readonly value: SqlValue
  /** In words, where the filter says in which. */
  readonly text?: SqlValue
  /** The number of its first row, from 0. */
  readonly first: number
  readonly rows: number
}

/** What became of a panel's rows. */
export interface Paged {
  readonly rows: number
  readonly pages: number
  /** Files of choices; undefined where nothing has to be chosen. */
  readonly choices?: number
}

export interface PagingInput {
  readonly folder: string
  /** The most rows, and the most choices, of a file. */
  readonly pageRows: number
  /** Where the value and its words stand in a row, of a panel of which something has to be chosen. */
  readonly chosenBy?: { readonly value: number; readonly text: number | undefined }
}

/**
 * Puts rows into files of at most `pageRows` rows: `rows-1.json`, `rows-2.json`, …; and the values that are chosen by into
 * `choices-1.json`, …. Rows of one value have to stand together. Holds one page and the choices of one file.
 */
export async function writePages(
  parts: AsyncIterable<readonly (readonly SqlValue[])[]>,
  { folder, pageRows, chosenBy }: PagingInput,
  write: (file: DataFile) => Promise<void>,
): Promise<Paged> {
  const pages = new Pages('rows', folder, pageRows, write)
  const choices = new Pages('choices', folder, pageRows, write)
  let choice: Choice | undefined
  for await (const rows of parts) {
    for (const row of rows) {
      if (chosenBy) {
        const value = row[chosenBy.value] ?? null
        if (choice && jsonValue(choice.value) === jsonValue(value)) choice = { ...choice, rows: choice.rows + 1 }
        else {
          if (choice) await choices.add(choiceText(choice))
          const text = chosenBy.text === undefined ? {} : { text: row[chosenBy.text] ?? null }
          choice = { value, ...text, first: pages.count, rows: 1 }
        }
      }
      await pages.add(`[${row.map(jsonValue).join(',')}]`)
    }
  }
  if (choice) await choices.add(choiceText(choice))
  await choices.end()
  await pages.end()
  return { rows: pages.count, pages: pages.files, ...(chosenBy ? { choices: choices.files } : {}) }
}

/** Items that are collected until they fill a file. */
class Pages {
  readonly #key: string
  readonly #folder: string
  readonly #most: number
  readonly #write: (file: DataFile) => Promise<void>
  #items: string[] = []
  count = 0
  files = 0

  constructor(key: string, folder: string, most: number, write: (file: DataFile) => Promise<void>) {
    this.#key = key
    this.#folder = folder
    this.#most = most
    this.#write = write
  }

  async add(item: string): Promise<void> {
    this.#items.push(item)
    this.count += 1
    if (this.#items.length === this.#most) await this.end()
  }

  async end(): Promise<void> {
    if (this.#items.length === 0) return
    this.files += 1
    const text = `{"${this.#key}":[\n${this.#items.join(',\n')}\n]}\n`
    this.#items = []
    await this.#write({ path: `${this.#folder}/${this.#key}-${this.files}.json`, text })
  }
}

function choiceText({ value, text, first, rows }: Choice): string {
  const words = text === undefined ? '' : `"text":${jsonValue(text)},`
  return `{"value":${jsonValue(value)},${words}"first":${first},"rows":${rows}}`
}

/**
 * A value as JSON that JavaScript reads without losing a digit: numbers where a number holds them; text for decimals, for
 * integers beyond 2^53 and for times; for what is nested, an object with its JSON as text.
 */
function jsonValue(value: SqlValue): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  const text = JSON.stringify(plainText(value))
  return isNested(value) ? `{"json":${text}}` : text
}

function isNested(value: SqlValue): boolean {
  const isScalar = value instanceof Decimal || value instanceof DateValue || value instanceof TimestampValue
  return typeof value === 'object' && !isScalar
}
