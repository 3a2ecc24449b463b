import { type Block, readBlocks } from '../../text/blocks.ts'
import { CsvRecords, INCOMPLETE, isNullField, MALFORMED } from '../../text/csv-records.ts'

/** How much of a file goes into one message: enough for few round trips, little enough for even memory. */
const BLOCK = 256 * 1024

const BACKSLASH = 0x5c
const QUOTE = 0x22
const LINE_FEED = 0x0a

const QUOTE_MARK = Buffer.from('"')
const LINE_END = Buffer.from('\n')

/** The delimiter that COPY is told of: it knows those of one byte, and others become commas. */
export function copyDelimiter(delimiter: string): string {
  return Buffer.byteLength(delimiter) === 1 ? delimiter : ','
}

/**
 * The rows of a CSV file as COPY takes them, in pieces, so that the rules of null and of quotes are those of seeds and not of
 * the engine: a value that is empty or `null`, in any case and with white space around, quoted or not, is null; a quote inside
 * a field that does not start with one is an ordinary character; empty lines are no rows, and neither are empty values in
 * a file of one column. The file may start with a byte order mark; its first record is the header. COPY is told that an
 * empty field is null, quoted or not. Records that COPY reads just so go through as they are, without a copy.
 */
export async function* copyPieces(path: string, delimiter: string): AsyncGenerator<Buffer> {
  const copier = new Copier(delimiter)
  for await (const _ of readBlocks(path, BLOCK, ({ bytes, isLast }) => copier.take(bytes, isLast))) {
    const piece = copier.piece()
    if (piece.length > 0) yield piece
  }
}

/**
 * The same for a file of which every record is plain (`CsvRecords.isPlain`): the pieces are the file's own bytes, each of
 * whole records, and nothing is looked at but the last line end of each.
 */
export async function* plainPieces(path: string): AsyncGenerator<Buffer> {
  let piece: Buffer = Buffer.alloc(0)
  let isHeader = true
  const take = ({ bytes, isLast }: Block): number => {
    const end = isLast ? bytes.length : bytes.lastIndexOf(LINE_FEED) + 1
    const start = isHeader ? bytes.indexOf(LINE_FEED) + 1 : 0
    piece = bytes.subarray(start, end)
    if (end > 0) isHeader = false
    return end
  }
  for await (const _ of readBlocks(path, BLOCK, take)) if (piece.length > 0) yield piece
}

class Copier {
  readonly #records: CsvRecords
  /** Whether records can go through as they are: COPY knows delimiters of one byte. */
  readonly #keepsDelimiter: boolean
  readonly #delimiter: Buffer
  #isHeader = true
  #pieces: Uint8Array[] = []

  constructor(delimiter: string) {
    this.#records = new CsvRecords(delimiter)
    this.#delimiter = Buffer.from(copyDelimiter(delimiter))
    this.#keepsDelimiter = copyDelimiter(delimiter) === delimiter
  }

  /** Makes pieces of the whole records of a block; gives how many bytes they are. */
  take(bytes: Buffer, isLast: boolean): number {
    const records = this.#records
    let offset = 0
    // Where the records start that go through as they are, up to the offset.
    let through = 0
    while (offset < bytes.length) {
      const next = records.read(bytes, offset, isLast)
      if (next === INCOMPLETE) break
      // Every file that comes here was found to be well formed.
      if (next === MALFORMED) throw new Error('The file was changed while it was read.')
      if (!this.#goesThrough(bytes)) {
        if (through < offset) this.#pieces.push(bytes.subarray(through, offset))
        if (!this.#isHeader && !isNoRow(records)) this.#write(bytes)
        through = next
      }
      this.#isHeader = false
      offset = next
    }
    if (through < offset) this.#pieces.push(bytes.subarray(through, offset))
    return offset
  }

  /** What was made since the last call. */
  piece(): Buffer {
    const pieces = this.#pieces
    this.#pieces = []
    const [only] = pieces
    if (pieces.length === 1 && only) return Buffer.from(only.buffer, only.byteOffset, only.length)
    return Buffer.concat(pieces)
  }

  /** Plain records, and those with quoted fields that mean what they say. */
  #goesThrough(bytes: Uint8Array): boolean {
    const records = this.#records
    if (this.#isHeader || !this.#keepsDelimiter) return false
    if (!records.hasQuotes) return records.isPlain(bytes)
    const { count, starts, ends, quoted, holdsQuotes, endsPlainly } = records
    if (!endsPlainly || count === 1) return false
    for (let index = 0; index < count; index += 1) {
      const start = starts[index]!
      const end = ends[index]!
      if (start !== end && isNullField(bytes, start, end)) return false
      if (quoted[index] === 0 && (holdsQuotes[index] === 1 || bytes[start] === BACKSLASH)) return false
    }
    return true
  }

  #write(bytes: Buffer): void {
    const { count, starts, ends, quoted, holdsQuotes } = this.#records
    for (let index = 0; index < count; index += 1) {
      if (index > 0) this.#pieces.push(this.#delimiter)
      const start = starts[index]!
      const end = ends[index]!
      if (isNullField(bytes, start, end)) continue
      const field = bytes.subarray(start, end)
      if (quoted[index] === 0 && !needsQuotes(field, this.#delimiter)) {
        this.#pieces.push(field)
        continue
      }
      // Inside of quotes they are doubled already.
      const isDoubled = quoted[index] === 1 || holdsQuotes[index] === 0
      this.#pieces.push(QUOTE_MARK, isDoubled ? field : doubled(field), QUOTE_MARK)
    }
    this.#pieces.push(LINE_END)
  }
}

/** Empty lines, and empty values in a file of one column. */
function isNoRow({ count, isBlank, starts, ends }: CsvRecords): boolean {
  return isBlank || (count === 1 && starts[0] === ends[0])
}

function needsQuotes(field: Uint8Array, delimiter: Uint8Array): boolean {
  return field.some((byte) => byte === QUOTE || byte === BACKSLASH || byte === delimiter[0])
}

function doubled(field: Buffer): Buffer {
  return Buffer.from(field.toString('utf8').replaceAll('"', '""'))
}
