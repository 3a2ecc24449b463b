import type { ColumnFormat, LocalText, PanelFilter, PanelKind } from '../../manifest/panel.ts'
import type { ColumnKind } from '../../sql/column-kind.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import type { Paged } from './pages.ts'

/**
 * The file `index.json` of a dashboard's data: all that a page needs to show it but the rows. They stand beside it, in the
 * folder of their panel:
 *
 *     index.json
 *     panel-1/rows-1.json       {"rows":[[…],[…]]}, at most `pageRows` rows; values in the order of `columns`
 *     panel-1/rows-2.json       row n (from 0) of a panel is row n % pageRows of the file with the number 1 + ⌊n / pageRows⌋
 *     panel-1/choices-1.json    {"choices":[{"value":7494212,"text":"Acme","first":0,"rows":12}]}, at most `pageRows` choices
 *
 * There are choices where a filter is required: a page shows them, and then the rows from `first` on, as many as `rows`, which
 * stand together. Choices come in the order of their values; null is one. A panel without rows has no files.
 *
 * Values are JSON that a browser reads without losing a digit: true, false, null, numbers for integers up to 2^53 and for
 * floating point; text for decimals ("1000.00"), for greater integers, for days ("2020-02-03") and times
 * ("2020-02-03T14:00:01.001+00:00"); {"json":"[1, 2]"} for what is nested. The `type` of the column says which it is. Masked
 * values are masked in the files.
 *
 * A page that is opened from a disk may not read files of JSON by itself: what writes the files may put each of them into a
 * script that hands the same JSON on.
 */
export interface DashboardIndex {
  /** Raised when the form changes. */
  readonly form: 1
  readonly name: string
  readonly label: string
  readonly description: string
  readonly panels: readonly PanelIndex[]
}

export interface PanelIndex extends Paged {
  readonly name: string
  readonly title: LocalText
  readonly type: PanelKind
  /** The node that it shows. */
  readonly node: UniqueId
  /** The folder of its files. */
  readonly folder: string
  readonly pageRows: number
  /** The relation, and the run that published it, with the time in UTC; null for one that Lavra did not publish. */
  readonly relation: string
  readonly published: { readonly run: string; readonly at: string } | null
  readonly columns: readonly ColumnIndex[]
  /** Names of columns. */
  readonly x?: string
  readonly y: readonly string[]
  readonly series?: string
  readonly filters: readonly FilterIndex[]
  readonly export: boolean
}

export interface ColumnIndex {
  readonly name: string
  readonly label: LocalText
  readonly type: ColumnKind
  readonly format: ColumnFormat
  /** Only filters need it. */
  readonly hidden: boolean
  /** The class of personal data that is masked in it. */
  readonly masked?: string
}

export interface FilterIndex {
  readonly column: string
  readonly kind: PanelFilter['kind']
  readonly label: LocalText
  readonly required: boolean
  /** The column that says the values in words. */
  readonly shownAs?: string
}

/** A value as the files have it. */
export type FileValue = string | number | boolean | null | { readonly json: string }

export interface RowsFile {
  readonly rows: readonly (readonly FileValue[])[]
}

export interface ChoicesFile {
  readonly choices: readonly FileChoice[]
}

/** A value that readers choose by, and which of the panel's rows are its own. */
export interface FileChoice {
  readonly value: FileValue
  /** In words, where the filter says in which. */
  readonly text?: FileValue
  readonly first: number
  readonly rows: number
}
