import type { ShownColumn } from '../../compile/panel-columns.ts'
import { isNumeric } from '../../sql/column-kind.ts'
import type { SqlValue } from '../../sql/value.ts'
import { type Locale, languageOf, localeText } from '../locale-text.ts'
import { formatCells } from '../table.ts'
import type { RowWriter } from './row-writer.ts'

/** A table for the terminal, below its title where there is one. It is held until its widths are known. */
export function terminalWriter(columns: readonly ShownColumn[], locale: Locale, title?: string): RowWriter {
  const cells: (readonly string[])[] = []
  return {
    start: () => '',
    rows: (rows) => {
      cells.push(...rows.map((row) => textsOf(row, columns, locale)))
      return ''
    },
    end: () => {
      const labels = columns.map(({ label }) => label[languageOf(locale)])
      const aligns = columns.map(({ kind }) => (isNumeric(kind) ? 'right' : 'left'))
      return `${title === undefined ? '' : `${title}\n`}${formatCells(labels, cells, aligns)}\n`
    },
  }
}

/** What a panel of numbers says, a line for each: `Notificações Whatsapp: 5000`. Rows are apart by an empty line. */
export function numbersWriter(columns: readonly ShownColumn[], locale: Locale, title?: string): RowWriter {
  let isFirst = true
  return {
    start: () => (title === undefined ? '' : `${title}\n`),
    rows: (rows) =>
      rows
        .map((row) => {
          const texts = textsOf(row, columns, locale)
          const lines = columns.map(({ label }, at) => `${label[languageOf(locale)]}: ${texts[at]}\n`)
          const before = isFirst ? '' : '\n'
          isFirst = false
          return before + lines.join('')
        })
        .join(''),
    end: () => '',
  }
}

function textsOf(row: readonly SqlValue[], columns: readonly ShownColumn[], locale: Locale): readonly string[] {
  return columns.map(({ format }, at) => localeText(row[at] ?? null, format, locale).replace(/\s*[\r\n]\s*/g, ' '))
}
