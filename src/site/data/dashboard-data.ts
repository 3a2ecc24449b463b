import type { Connection } from '../../adapters/adapter.ts'
import { findColumn, type ShownColumn } from '../../compile/panel-columns.ts'
import { type RowsQuery, rowsQuery } from '../../compile/rows-query.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { Exposure } from '../../manifest/nodes.ts'
import { type PanelFilter, requiredFilter } from '../../manifest/panel.ts'
import type { ClassOfColumn } from '../../manifest/personal-data.ts'
import { ofOnePublication, publicationOf } from '../../report/one-publication.ts'
import { dashboardViews, type PreparedView, prepareView, publishedState } from '../../report/views.ts'
import type { Dialect } from '../../sql/dialect.ts'
import type { QueryResult, SqlValue } from '../../sql/value.ts'
import type { PublishedRelation } from '../../state/rows.ts'
import type { ColumnIndex, DashboardIndex, FilterIndex, PanelIndex } from './dashboard-index.ts'
import { type DataFile, writePages } from './pages.ts'

export interface DashboardDataInput {
  readonly manifest: Manifest
  readonly exposure: Exposure
  readonly dialect: Dialect
  readonly database: string
  readonly connection: Pick<Connection, 'columnsOf' | 'stream'>
  readonly classOf: ClassOfColumn
  /** What was published on the target, as it stands now. */
  readonly readStates: () => Promise<readonly PublishedRelation[]>
  readonly sink: DashboardSink
  readonly pageRows?: number
}

/** Where the files of a dashboard go. */
export interface DashboardSink {
  write(file: DataFile): Promise<void>
  /** Forgets what was written: it comes again, because something was published meanwhile. */
  restart(): Promise<void>
}

const ROWS_OF_A_PAGE = 2000

/**
 * Writes the data of a dashboard as it is published now, and gives what stands in `index.json`, the last file. Panels of
 * which nothing is published are left out, and those that would have to be chosen by what is masked. Holds about one page of rows. Throws `DatabaseError` for what the engine refuses,
 * which `lavra check` would have said.
 */
export async function writeDashboardData(input: DashboardDataInput): Promise<DashboardIndex> {
  const { exposure, manifest, database, readStates, sink } = input
  const { properties } = exposure
  const index = await ofOnePublication(exposure.name, readStates, async (states) => {
    const views = dashboardViews(manifest, exposure, publishedState(database, states))
    const panels: PanelIndex[] = []
    await sink.restart()
    for (const view of views) {
      const columns = await input.connection.columnsOf(view.relation)
      if (columns.length === 0) continue
      const prepared = prepareView(view, columns, input.classOf)
      if (isChosenByMasked(prepared)) continue
      panels.push(await writePanel(input, prepared, `panel-${panels.length + 1}`, states))
    }
    const result: DashboardIndex = {
      form: 1,
      name: exposure.name,
      label: dashboardLabel(exposure),
      description: typeof properties.description === 'string' ? properties.description.trim() : '',
      panels,
    }
    return { result, relations: views.map(({ relation }) => relation) }
  })
  await sink.write({ path: 'index.json', text: `${JSON.stringify(index, null, 2)}\n` })
  return index
}

/** What readers know a dashboard as. */
export function dashboardLabel({ name, properties }: Exposure): string {
  return typeof properties.label === 'string' ? properties.label : name
}

async function writePanel(
  { connection, dialect, sink, pageRows = ROWS_OF_A_PAGE }: DashboardDataInput,
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
    (file) => sink.write(file),
  )
  const publication = publicationOf(relation, states)
  const nameOf = (column: { readonly name: string }) => findColumn(columns, column.name)?.name ?? column.name
  return {
    name: view.name,
    title: view.title ?? panel.title,
    type: panel.kind,
    node: view.node.id,
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

/** `lavra check` refuses it; nothing may be chosen by personal data. */
function isChosenByMasked({ view, columns }: PreparedView): boolean {
  const required = requiredFilter(view.panel)
  return required !== undefined && findColumn(columns, required.name)?.masked !== undefined
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

/** What a relation does not have, or what is masked, cannot be chosen by. */
function filterIndex(filter: PanelFilter, columns: readonly ShownColumn[]): readonly FilterIndex[] {
  const column = findColumn(columns, filter.name)
  if (!column || column.masked !== undefined) return []
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
