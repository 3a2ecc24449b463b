import type { Connection } from '../../adapters/adapter.ts'
import { findColumn, type ShownColumn } from '../../compile/panel-columns.ts'
import { type RowsQuery, rowsQuery } from '../../compile/rows-query.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { Exposure } from '../../manifest/nodes.ts'
import {
  type ColumnFormat,
  type LocalText,
  type PanelFilter,
  type PanelKind,
  requiredFilter,
} from '../../manifest/panel.ts'
import type { ClassOfColumn } from '../../manifest/personal-data.ts'
import { ofOnePublication, publicationOf } from '../../report/one-publication.ts'
import { dashboardViews, type PreparedView, prepareView, publishedState } from '../../report/views.ts'
import type { ColumnKind } from '../../sql/column-kind.ts'
import type { Dialect } from '../../sql/dialect.ts'
import type { QueryResult, SqlValue } from '../../sql/value.ts'
import type { PublishedRelation } from '../../state/rows.ts'
import { type DataFile, type Paged, writePages } from './pages.ts'

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
 * ("2020-02-03T14:00:01.001+00:00"). The `type` of the column says which it is. Masked values are masked in the files.
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

export interface DashboardDataInput {
  readonly manifest: Manifest
  readonly exposure: Exposure
  readonly dialect: Dialect
  readonly database: string
  readonly connection: Pick<Connection, 'columnsOf' | 'stream'>
  readonly classOf: ClassOfColumn
  /** What was published on the target, as it stands now. */
  readonly readStates: () => Promise<readonly PublishedRelation[]>
  /** May be told a file again, with what it is to hold instead, when something was published meanwhile. */
  readonly write: (file: DataFile) => Promise<void>
  readonly pageRows?: number
}

const ROWS_OF_A_PAGE = 2000

/**
 * Writes the data of a dashboard as it is published now, and gives what stands in `index.json`, the last file. Panels of
 * which nothing is published are left out. Holds about one page of rows. Throws `DatabaseError` for what the engine refuses,
 * which `lavra check` would have said.
 */
export async function writeDashboardData(input: DashboardDataInput): Promise<DashboardIndex> {
  const { exposure, manifest, database, readStates, write } = input
  const { properties } = exposure
  const index = await ofOnePublication(exposure.name, readStates, async (states) => {
    const views = dashboardViews(manifest, exposure, publishedState(database, states))
    const panels: PanelIndex[] = []
    for (const view of views) {
      const columns = await input.connection.columnsOf(view.relation)
      if (columns.length === 0) continue
      const prepared = prepareView(view, columns, input.classOf)
      panels.push(await writePanel(input, prepared, `panel-${panels.length + 1}`, states))
    }
    const result: DashboardIndex = {
      form: 1,
      name: exposure.name,
      label: typeof properties.label === 'string' ? properties.label : exposure.name,
      description: typeof properties.description === 'string' ? properties.description.trim() : '',
      panels,
    }
    return { result, relations: views.map(({ relation }) => relation) }
  })
  await write({ path: 'index.json', text: `${JSON.stringify(index, null, 2)}\n` })
  return index
}

async function writePanel(
  { connection, dialect, write, pageRows = ROWS_OF_A_PAGE }: DashboardDataInput,
  { view, columns, query }: PreparedView,
  folder: string,
  states: readonly PublishedRelation[],
): Promise<PanelIndex> {
  const { panel, relation } = view
  const required = requiredFilter(panel)
  const chosen = required && findColumn(columns, required.name)
  const shownAs = required?.shownAs && findColumn(columns, required.shownAs.name)
  const sql = rowsQuery(chosen ? chosenTogether(query, chosen.name) : query, dialect)
  const chosenBy = chosen && { value: columns.indexOf(chosen), text: shownAs && columns.indexOf(shownAs) }
  const paged = await writePages(
    rowsOf(connection.stream(sql)),
    { folder, pageRows, ...(chosenBy ? { chosenBy } : {}) },
    write,
  )
  const publication = publicationOf(relation, states)
  const nameOf = (column: { readonly name: string }) => findColumn(columns, column.name)?.name ?? column.name
  return {
    name: view.name,
    title: view.title ?? panel.title,
    type: panel.kind,
    folder,
    relation: `${relation.schema}.${relation.identifier}`,
    published: publication ? { run: publication.runId, at: publication.publishedAt } : null,
    columns: columns.map(columnIndex),
    ...(panel.x ? { x: nameOf(panel.x) } : {}),
    y: panel.y.map(nameOf),
    ...(panel.series ? { series: nameOf(panel.series) } : {}),
    filters: panel.filters.flatMap((filter) => filterIndex(filter, columns)),
    export: panel.isExported,
    pageRows,
    ...paged,
  }
}

/** The rows of each value of a column together; a limit is for each of them. */
function chosenTogether(query: RowsQuery, column: string): RowsQuery {
  const others = (query.orderBy ?? []).filter(({ name }) => name !== column)
  return { ...query, orderBy: [{ name: column, isDescending: false }, ...others], limitPer: column }
}

async function* rowsOf(parts: AsyncIterable<QueryResult>): AsyncIterable<readonly (readonly SqlValue[])[]> {
  for await (const { rows } of parts) yield rows
}

function columnIndex({ name, label, kind, format, isHidden, masked }: ShownColumn): ColumnIndex {
  return { name, label, type: kind, format, hidden: isHidden, ...(masked === undefined ? {} : { masked }) }
}

/** What a relation does not have cannot be chosen by. */
function filterIndex(filter: PanelFilter, columns: readonly ShownColumn[]): readonly FilterIndex[] {
  const column = findColumn(columns, filter.name)
  if (!column) return []
  const shownAs = filter.shownAs && findColumn(columns, filter.shownAs.name)
  return [
    {
      column: column.name,
      kind: filter.kind,
      label: filter.label ?? column.label,
      required: filter.isRequired,
      ...(shownAs ? { shownAs: shownAs.name } : {}),
    },
  ]
}
