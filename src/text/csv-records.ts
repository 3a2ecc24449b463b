const QUOTE = 0x22
const LINE_FEED = 0x0a
const RETURN = 0x0d
const BACKSLASH = 0x5c
const SPACE = 0x20

/** The record goes on behind the end of the bytes. */
export const INCOMPLETE = -1
/** The record is not written as CSV wants it: whoever tells the user reads the file as text, with places. */
export const MALFORMED = -2

const DEFAULT_FIELDS = 64

/** 1 for the bytes with which a field starts that may stand for null, or that COPY may take for its end. */
const UNUSUAL = new Uint8Array(256)
for (let byte = 0; byte <= SPACE; byte += 1) UNUSUAL[byte] = 1
for (const letter of 'nN\\') UNUSUAL[letter.charCodeAt(0)] = 1

/**
 * Finds the fields of CSV in bytes, record by record, with nothing made of them: for files of any size, at the speed at which
 * a database takes them. The rules are those of `parseCsv`; what that calls a problem is `MALFORMED` here.
 *
 * After `read`, field `i` of the record is `bytes[starts[i]]` up to `ends[i]`, without its quotes.
 */
export class CsvRecords {
  /** How many fields the record has. */
  count = 0
  starts = new Int32Array(DEFAULT_FIELDS)
  ends = new Int32Array(DEFAULT_FIELDS)
  /** 1 where the field stands in quotes. */
  quoted = new Uint8Array(DEFAULT_FIELDS)
  /** 1 where the field holds quotes: doubled ones inside of quotes, or ordinary ones without. */
  holdsQuotes = new Uint8Array(DEFAULT_FIELDS)
  /** Whether any field is quoted or holds quotes. */
  hasQuotes = false
  /** Whether the record is an empty line, which counts for nothing. */
  isBlank = false
  /** Whether the record ends with a line feed alone. */
  endsPlainly = false
  readonly #delimiter: Uint8Array
  /** 1 for the bytes at which a field without quotes may end, or be something else than it seems. */
  readonly #stops = new Uint8Array(256)

  constructor(delimiter: string) {
    this.#delimiter = new TextEncoder().encode(delimiter)
    for (const byte of [this.#delimiter[0]!, LINE_FEED, RETURN, QUOTE]) this.#stops[byte] = 1
  }

  /** Reads the record at an offset. Gives the offset behind its line end; `INCOMPLETE` or `MALFORMED` otherwise. */
  read(bytes: Uint8Array, start: number, isLast: boolean): number {
    const length = bytes.length
    const first = this.#delimiter[0]!
    const isLong = this.#delimiter.length > 1
    const stops = this.#stops
    let { starts, ends, quoted: quotes, holdsQuotes: holds } = this
    this.hasQuotes = false
    let offset = start
    let count = 0
    for (;;) {
      if (count === starts.length) {
        this.#grow()
        ;({ starts, ends, quoted: quotes, holdsQuotes: holds } = this)
      }
      let holdsQuotes = 0
      if (bytes[offset] === QUOTE) {
        const fieldStart = offset + 1
        offset = fieldStart
        for (;;) {
          while (offset < length && bytes[offset] !== QUOTE) offset += 1
          if (offset >= length) return isLast ? MALFORMED : INCOMPLETE
          if (bytes[offset + 1] !== QUOTE) break
          holdsQuotes = 1
          offset += 2
        }
        // A quote at the very end may be the first half of a doubled one.
        if (offset + 1 >= length && !isLast) return INCOMPLETE
        starts[count] = fieldStart
        ends[count] = offset
        quotes[count] = 1
        offset += 1
      } else {
        const fieldStart = offset
        for (;;) {
          while (offset < length && stops[bytes[offset]!] === 0) offset += 1
          if (offset >= length) break
          const byte = bytes[offset]!
          if (byte === LINE_FEED || byte === RETURN) break
          if (byte === first && (!isLong || this.#isDelimiter(bytes, offset))) break
          if (byte === QUOTE) holdsQuotes = 1
          offset += 1
        }
        starts[count] = fieldStart
        ends[count] = offset
        quotes[count] = 0
        if (holdsQuotes === 1 && startsWithSpaceAndQuote(bytes.subarray(fieldStart, offset))) return MALFORMED
      }
      holds[count] = holdsQuotes
      if (holdsQuotes === 1 || quotes[count] === 1) this.hasQuotes = true
      count += 1
      if (offset >= length) {
        if (!isLast) return INCOMPLETE
        return this.#end(count, offset, true, start)
      }
      const byte = bytes[offset]!
      if (byte === first && (!isLong || this.#isDelimiter(bytes, offset))) {
        offset += this.#delimiter.length
        continue
      }
      if (byte === LINE_FEED) return this.#end(count, offset + 1, true, start)
      if (byte !== RETURN) {
        const mayBeDelimiter = !isLast && length - offset < this.#delimiter.length
        return mayBeDelimiter ? INCOMPLETE : MALFORMED
      }
      if (offset + 1 >= length && !isLast) return INCOMPLETE
      return this.#end(count, offset + (bytes[offset + 1] === LINE_FEED ? 2 : 1), false, start)
    }
  }

  /**
   * Whether the record stands for itself: no field of it is quoted or holds quotes, none means null but by being empty, it
   * ends with a line feed, and it is neither an empty line nor a single field, which may be one.
   */
  isPlain(bytes: Uint8Array): boolean {
    const { count, starts, ends } = this
    if (!this.endsPlainly || this.hasQuotes || count === 1) return false
    for (let index = 0; index < count; index += 1) {
      const start = starts[index]!
      if (UNUSUAL[bytes[start]!] === 0 || start === ends[index]!) continue
      if (bytes[start] === BACKSLASH || isNullField(bytes, start, ends[index]!)) return false
    }
    return true
  }

  #end(count: number, next: number, endsPlainly: boolean, start: number): number {
    this.count = count
    this.endsPlainly = endsPlainly
    this.isBlank = count === 1 && this.quoted[0] === 0 && this.ends[0] === start
    return next
  }

  #isDelimiter(bytes: Uint8Array, offset: number): boolean {
    for (let index = 1; index < this.#delimiter.length; index += 1) {
      if (bytes[offset + index] !== this.#delimiter[index]) return false
    }
    return true
  }

  #grow(): void {
    const grown = (from: Int32Array) => {
      const to = new Int32Array(from.length * 2)
      to.set(from)
      return to
    }
    const grownFlags = (from: Uint8Array) => {
      const to = new Uint8Array(from.length * 2)
      to.set(from)
      return to
    }
    this.starts = grown(this.starts)
    this.ends = grown(this.ends)
    this.quoted = grownFlags(this.quoted)
    this.holdsQuotes = grownFlags(this.holdsQuotes)
  }
}

/** Whether a field stands for SQL null: empty or `null`, in any case and with white space around. dbt's rule. */
export function isNullField(bytes: Uint8Array, start: number, end: number): boolean {
  while (start < end && isNullSpace(bytes[start]!)) start += 1
  while (start < end && isNullSpace(bytes[end - 1]!)) end -= 1
  if (start === end) return true
  if (end - start !== 4) return false
  // Bit 5 tells small letters from capitals.
  return (
    (bytes[start]! | 0x20) === 0x6e &&
    (bytes[start + 1]! | 0x20) === 0x75 &&
    (bytes[start + 2]! | 0x20) === 0x6c &&
    (bytes[start + 3]! | 0x20) === 0x6c
  )
}

function isNullSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b)
}

/** `a, "b"` is told as a mistake: engines read it in three ways. */
function startsWithSpaceAndQuote(field: Uint8Array): boolean {
  return /^\s+"/.test(new TextDecoder().decode(field))
}
