import type { Span } from '../text/source-file.ts'
import type { UniqueId } from '../text/unique-id.ts'

/** A text in the languages of readers. Where only one was written, both are that one. */
export interface LocalText {
  readonly en: string
  readonly pt: string
}

export const PANEL_KINDS = ['number', 'table', 'line', 'bar'] as const
export type PanelKind = (typeof PANEL_KINDS)[number]

export const FORMAT_KINDS = ['number', 'integer', 'money', 'percent', 'date', 'datetime', 'text'] as const
export type FormatKind = (typeof FORMAT_KINDS)[number]

/** How a value is written for people. `percent` takes a share: 0.25 is 25%. */
export interface ColumnFormat {
  readonly kind: FormatKind
  /** Of money: its code in ISO 4217, `BRL`. */
  readonly currency?: string
  /** Digits behind the point; as many as the value has, or as the currency is written with, when absent. */
  readonly decimals?: number
}

/** A column that somebody named, and where. */
export interface NamedColumn {
  readonly name: string
  readonly place: Span
}

/** A column as a panel shows it. The name `*` stands for all that the panel does not name, in their order. */
export interface PanelColumn extends NamedColumn {
  /** What the model calls it (`meta.label`), or its name, when absent. */
  readonly label?: LocalText
  /** That of its type when absent. */
  readonly format?: ColumnFormat
  readonly formatPlace?: Span
}

/** What readers choose by: one value, a text that is part of it, or days from one to another. */
export interface PanelFilter extends NamedColumn {
  readonly kind: 'select' | 'search' | 'date_range'
  readonly label?: LocalText
  /** Nothing is shown before a reader has chosen. Only one filter of a panel is, and it is a `select`. */
  readonly isRequired: boolean
  /** The column that says in words what the values are: the customer's name for its number. */
  readonly shownAs?: NamedColumn
}

export interface PanelOrder extends NamedColumn {
  readonly isDescending: boolean
}

/** What a dashboard shows of one relation. */
export interface Panel {
  readonly name: string
  readonly place: Span
  readonly title: LocalText
  readonly kind: PanelKind
  /** The node whose published relation it shows; a node with a relation per value is shown once for each of them. */
  readonly model: UniqueId
  readonly modelPlace: Span
  /** Empty for all columns. */
  readonly columns: readonly PanelColumn[]
  /** Of charts: the axis, what is drawn, and what makes a line or a colour of its own. */
  readonly x?: NamedColumn
  readonly y: readonly NamedColumn[]
  readonly series?: NamedColumn
  readonly filters: readonly PanelFilter[]
  /** A predicate over the relation that always holds. */
  readonly where?: { readonly sql: string; readonly place: Span }
  readonly orderBy: readonly PanelOrder[]
  readonly limit?: number
  /** Whether readers may take its rows with them. */
  readonly isExported: boolean
}

/** Which columns of personal data a dashboard shows as they are, and why its readers may see them. */
export interface PersonalDataAllowance {
  readonly columns: 'all' | readonly NamedColumn[]
  readonly reason: string
}

/** All columns that a panel does not name. */
export const OTHER_COLUMNS = '*'

/** The filter that readers have to choose by before they see anything. */
export function requiredFilter(panel: Pick<Panel, 'filters'>): PanelFilter | undefined {
  return panel.filters.find(({ isRequired }) => isRequired)
}

/** A text that is the same in all languages. */
export function sameText(text: string): LocalText {
  return { en: text, pt: text }
}
