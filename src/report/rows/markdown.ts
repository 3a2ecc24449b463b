import type { ShownColumn } from '../../compile/panel-columns.ts'
import { isNumeric } from '../../sql/column-kind.ts'
import { type Locale, languageOf, localeText } from '../locale-text.ts'
import type { RowWriter } from './row-writer.ts'

/** A table of GitHub's Markdown, in a reader's locale, below a heading where there is one. Numbers stand at the right. */
export function markdownWriter(columns: readonly ShownColumn[], locale: Locale, title?: string): RowWriter {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const heading = title === undefined ? '' : `## ${escapeMarkdown(title)}\n\n`
  const labels = columns.map(({ label }) => escapeMarkdown(label[languageOf(locale)]))
  return {
    start: () => `${heading}${line(labels)}${line(columns.map(({ kind }) => (isNumeric(kind) ? '--:' : '---')))}`,
    rows: (rows) =>
      rows
        .map((row) =>
          line(columns.map(({ format }, at) => escapeMarkdown(localeText(row[at] ?? null, format, locale)))),
        )
        .join(''),
    end: () => '',
  }
}

/** What would be markup, or another cell, becomes what it looks like. An underscore within a word is no markup. */
export function escapeMarkdown(text: string): string {
  if (!/[\\|*`~[\]_&<\r\n]/.test(text)) return text
  return text
    .replace(/[\\|*`~[\]]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\r\n|\r|\n/g, '<br>')
}
