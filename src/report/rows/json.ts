import { writeJson } from '../rows-json.ts'
import type { NamedColumns, RowWriter } from './row-writer.ts'

/** An array of objects, one a line. Numbers keep every digit that the database gave; times are ISO 8601 text. */
export function jsonWriter(columns: NamedColumns): RowWriter {
  const names = columns.map(({ name }) => JSON.stringify(name))
  let isFirst = true
  return {
    start: () => '[',
    rows: (rows) =>
      rows
        .map((row) => {
          const entries = names.map((name, at) => `${name}: ${writeJson(row[at] ?? null)}`)
          const separator = isFirst ? '\n  ' : ',\n  '
          isFirst = false
          return `${separator}{${entries.join(', ')}}`
        })
        .join(''),
    end: () => (isFirst ? ']\n' : '\n]\n'),
  }
}
