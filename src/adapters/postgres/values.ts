import { DateValue, Decimal, type SqlValue, TimestampValue } from '../../sql/value.ts'

/** The object ids of built-in types: the same in every database, as `pg_type.dat` of Postgres' source fixes them. */
const READERS: Readonly<Record<number, (text: string) => SqlValue>> = {
  16: (text) => text === 't', // boolean
  17: (text) => text.replace(/^\\x/, ''), // bytea
  20: integer, // bigint
  21: Number, // smallint
  23: Number, // integer
  26: Number, // oid
  700: Number, // real
  701: Number, // double precision
  1082: date,
  1114: (text) => timestamp(text, false),
  1184: (text) => timestamp(text, true),
  1700: (text) => new Decimal(text), // numeric
}

/** The element type of the array types above, and of text. */
const ELEMENTS: Readonly<Record<number, number>> = {
  1000: 16,
  1001: 17,
  1005: 21,
  1007: 23,
  1009: 25,
  1014: 1042,
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1028: 26,
  1115: 1114,
  1182: 1082,
  1185: 1184,
  1231: 1700,
  2951: 2950,
}

/**
 * A reader of the text that Postgres sends for a type. Times, intervals, UUIDs, JSON and composite values are text as
 * Postgres writes them; bytes are hexadecimal; arrays are lists.
 */
export function readerOf(typeId: number): (text: string) => SqlValue {
  const element = ELEMENTS[typeId]
  if (element !== undefined) return (text) => readArray(text, readerOf(element))
  return READERS[typeId] ?? ((text) => text)
}

function integer(text: string): SqlValue {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

/** `2020-02-03`, `infinity`; years before 1 as ISO 8601 has them: `0044-03-15 BC` is `-0043-03-15`. */
function date(text: string): DateValue {
  return new DateValue(isoYear(text))
}

/** `2020-02-03 14:00:01.001+00`: sessions are in UTC, so that the offset is always that. */
function timestamp(text: string, hasZone: boolean): TimestampValue {
  const match = /^(\S+) (\d\d:\d\d:\d\d)(?:\.(\d+))?(\+00)?( BC)?$/.exec(text)
  if (!match) return new TimestampValue(text, hasZone)
  const [, day = '', clock = '', fraction = '', offset = '', era = ''] = match
  const digits = fraction === '' ? '' : `.${fraction.padEnd(fraction.length > 3 ? 6 : 3, '0')}`
  return new TimestampValue(`${isoYear(`${day}${era}`)}T${clock}${digits}${offset === '' ? '' : '+00:00'}`, hasZone)
}

function isoYear(text: string): string {
  const match = /^(\d+)(-\d\d-\d\d) BC$/.exec(text)
  if (!match) return text
  const year = Number(match[1]) - 1
  return `${year === 0 ? '' : '-'}${String(year).padStart(4, '0')}${match[2]}`
}

/** `{1,NULL,{"a b"}}`: an array of any depth. Bounds in front (`[0:1]=`) are left out. */
export function readArray(text: string, readElement: (text: string) => SqlValue): SqlValue {
  let offset = text.indexOf('{')
  const readList = (): SqlValue => {
    const items: SqlValue[] = []
    offset += 1
    while (text[offset] !== '}' && offset < text.length) {
      if (text[offset] === ',') offset += 1
      else if (text[offset] === '{') items.push(readList())
      else items.push(readItem())
    }
    offset += 1
    return items
  }
  const readItem = (): SqlValue => {
    if (text[offset] === '"') return readElement(readQuoted())
    const start = offset
    while (offset < text.length && text[offset] !== ',' && text[offset] !== '}') offset += 1
    const item = text.slice(start, offset)
    return item === 'NULL' ? null : readElement(item)
  }
  const readQuoted = (): string => {
    let item = ''
    for (offset += 1; text[offset] !== '"' && offset < text.length; offset += 1) {
      if (text[offset] === '\\') offset += 1
      item += text[offset]
    }
    offset += 1
    return item
  }
  return readList()
}
