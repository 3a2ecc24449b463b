import { useMemo, useState } from 'preact/hooks'
import { languageOf, localeText } from '../../../report/locale-text.ts'
import { isNumeric } from '../../../sql/column-kind.ts'
import type { ColumnIndex, PanelIndex } from '../../data/dashboard-index.ts'
import { usePage } from '../context.ts'
import { type Sorting, sortedRows } from './choose.ts'
import type { Row } from './values.ts'

const ROWS_OF_A_PAGE = 50

/** A column that is shown, with the place of its values in a row. */
interface Shown {
  readonly column: ColumnIndex
  readonly at: number
}

/** The rows of a panel, page by page, in the order that the reader wants. */
export function PanelTable(props: {
  readonly panel: PanelIndex
  readonly rows: readonly Row[]
  readonly sorting: Sorting | undefined
  readonly onSort: (sorting: Sorting | undefined) => void
}) {
  const { locale } = usePage()
  const { panel, rows, sorting } = props
  const [page, setPage] = useState(0)
  const sorted = useMemo(() => sortedRows(rows, sorting, locale), [rows, sorting, locale])
  const pages = Math.max(1, Math.ceil(sorted.length / ROWS_OF_A_PAGE))
  const shown = Math.min(page, pages - 1)
  return (
    <>
      <Rows
        panel={panel}
        rows={sorted.slice(shown * ROWS_OF_A_PAGE, (shown + 1) * ROWS_OF_A_PAGE)}
        sorting={sorting}
        onSort={(next) => {
          setPage(0)
          props.onSort(next)
        }}
      />
      <Pager panel={panel} count={sorted.length} page={shown} onPage={setPage} />
    </>
  )
}

/** Rows that are not all here: one page of them, which cannot be sorted. */
export function PartialTable(props: {
  readonly panel: PanelIndex
  readonly rows: readonly Row[]
  readonly count: number
  readonly page: number
  readonly onPage: (page: number) => void
}) {
  const { panel, rows, count, page, onPage } = props
  return (
    <>
      <Rows panel={panel} rows={rows} />
      <Pager panel={panel} count={count} page={page} onPage={onPage} />
    </>
  )
}

/** Which rows stand on a page. */
export function rowsOfPage(page: number, count: number): { readonly first: number; readonly rows: number } {
  const first = page * ROWS_OF_A_PAGE
  return { first, rows: Math.max(0, Math.min(ROWS_OF_A_PAGE, count - first)) }
}

function Rows(props: {
  readonly panel: PanelIndex
  readonly rows: readonly Row[]
  readonly sorting?: Sorting | undefined
  readonly onSort?: (sorting: Sorting | undefined) => void
}) {
  const { locale } = usePage()
  const { panel, rows, sorting, onSort } = props
  const columns = panel.columns.flatMap((column, at): readonly Shown[] => (column.hidden ? [] : [{ column, at }]))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section class="scroll" aria-label={panel.title[languageOf(locale)]} tabIndex={0}>
      <table class="report-table">
        <thead>
          <tr>
            {columns.map((shown) => (
              <Heading key={shown.column.name} shown={shown} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map(({ column, at }) => (
                <td key={column.name} class={cellClass(column)}>
                  {localeText(row[at] ?? null, column.format, locale)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Heading(props: {
  readonly shown: Shown
  readonly sorting: Sorting | undefined
  readonly onSort: ((sorting: Sorting | undefined) => void) | undefined
}) {
  const { words, locale } = usePage()
  const { column, at } = props.shown
  const { sorting, onSort } = props
  const isSorted = sorting?.column === at
  const label = (
    <>
      {column.label[languageOf(locale)]}
      {column.masked === undefined ? null : (
        <span class="masked" title={words.maskedHint}>
          {words.masked}
        </span>
      )}
    </>
  )
  const direction = !isSorted ? 'none' : sorting.isDescending ? 'descending' : 'ascending'
  return (
    <th scope="col" class={isRight(column) ? 'number' : undefined} aria-sort={onSort ? direction : undefined}>
      {onSort ? (
        <button type="button" class="sort" onClick={() => onSort(nextSorting(at, sorting))}>
          {label}
          <span aria-hidden="true" class={`sort-sign sort-${direction}`} />
        </button>
      ) : (
        label
      )}
    </th>
  )
}

/** Up, down, and as it came. */
function nextSorting(column: number, sorting: Sorting | undefined): Sorting | undefined {
  if (sorting?.column !== column) return { column, isDescending: false }
  return sorting.isDescending ? undefined : { column, isDescending: true }
}

/** Numbers stand at the right; days and times stay in one line, as numbers do. */
function cellClass(column: ColumnIndex): string | undefined {
  if (isRight(column)) return 'number'
  return column.format.kind === 'date' || column.format.kind === 'datetime' ? 'moment' : undefined
}

function isRight({ type, masked }: ColumnIndex): boolean {
  return isNumeric(type) && masked === undefined
}

function Pager(props: {
  readonly panel: PanelIndex
  readonly count: number
  readonly page: number
  readonly onPage: (page: number) => void
}) {
  const { words, format, locale } = usePage()
  const { panel, count, page, onPage } = props
  if (count <= ROWS_OF_A_PAGE) return null
  const { first, rows } = rowsOfPage(page, count)
  const last = Math.ceil(count / ROWS_OF_A_PAGE) - 1
  return (
    <nav class="pager" aria-label={words.pagesOf(panel.title[languageOf(locale)])}>
      <button type="button" class="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
        <span class="for-readers">{words.previousPage}</span>
        <span aria-hidden="true">‹</span>
      </button>
      <span aria-live="polite">
        {words.rowsShown(format.count(first + 1), format.count(first + rows), format.count(count))}
      </span>
      <button type="button" class="button" disabled={page >= last} onClick={() => onPage(page + 1)}>
        <span class="for-readers">{words.nextPage}</span>
        <span aria-hidden="true">›</span>
      </button>
    </nav>
  )
}
