import { csvWriter } from '../../../report/rows/csv.ts'
import { jsonWriter } from '../../../report/rows/json.ts'
import type { PanelIndex } from '../../data/dashboard-index.ts'
import type { Row } from './values.ts'

export const EXPORT_FORMS = ['csv', 'json'] as const
export type ExportForm = (typeof EXPORT_FORMS)[number]

/** Rows as `lavra report --format` writes them. Columns that only filters need are left out. */
export function exportedText({ columns }: Pick<PanelIndex, 'columns'>, rows: readonly Row[], form: ExportForm): string {
  const shown = columns.flatMap((column, at) => (column.hidden ? [] : [{ name: column.name, at }]))
  const writer = form === 'csv' ? csvWriter(shown) : jsonWriter(shown)
  const body = writer.rows(rows.map((row) => shown.map(({ at }) => row[at] ?? null)))
  return writer.start() + body + writer.end()
}

/** Hands a text to the browser as a file. */
export function download(name: string, text: string, form: ExportForm): void {
  const type = form === 'csv' ? 'text/csv;charset=utf-8' : 'application/json'
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser may not have begun to read it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/** `relatorio-mensagens-7494212.csv`: letters, digits and dashes of its parts. */
export function fileName(parts: readonly string[], form: ExportForm): string {
  const words = parts.map((part) => part.replace(/[^\p{L}\p{N}_.-]+/gu, '-').replace(/^-+|-+$/g, ''))
  return `${words.filter((word) => word !== '').join('-')}.${form}`
}
