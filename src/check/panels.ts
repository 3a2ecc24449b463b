import { type ColumnInfo, type Connection, type DatabaseError, isRefusal } from '../adapters/adapter.ts'
import { databaseDiagnostic } from '../compile/database-diagnostic.ts'
import { findColumn, panelColumns, type ShownColumn } from '../compile/panel-columns.ts'
import { notOnePredicate, type RowsQuery, rowsQuery, whereOffset } from '../compile/rows-query.ts'
import { writtenText } from '../config/written-text.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Exposure } from '../manifest/nodes.ts'
import { type FormatKind, type NamedColumn, OTHER_COLUMNS, type Panel } from '../manifest/panel.ts'
import { type ClassOfColumn, maskedClass } from '../manifest/personal-data.ts'
import { type ColumnKind, isNumeric } from '../sql/column-kind.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Relation } from '../sql/relation.ts'
import type { Span } from '../text/source-file.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { unreachable } from '../util/unreachable.ts'

export interface PanelCheck {
  readonly manifest: Manifest
  readonly dialect: Dialect
  readonly exposures: readonly Exposure[]
  /** What was bound. Panels over what is not there, or is known only when data is there, are left out. */
  readonly columns: ReadonlyMap<UniqueId, readonly ColumnInfo[]>
  readonly classOf: ClassOfColumn
  /** Where the empty relations are, and under which names. */
  readonly connection: Pick<Connection, 'describeQuery'>
  readonly standIns: ReadonlyMap<UniqueId, Relation>
}

/**
 * What is wrong with the panels of dashboards: columns that are not there, formats and axes that the types do not allow,
 * predicates that the engine refuses, choices of readers that would tell personal data.
 */
export async function checkPanels(check: PanelCheck): Promise<readonly Diagnostic[]> {
  const problems: Diagnostic[] = []
  for (const exposure of check.exposures) {
    problems.push(...allowedColumnProblems(check, exposure))
    for (const panel of exposure.panels) problems.push(...(await panelProblems(check, exposure, panel)))
  }
  return problems
}

async function panelProblems(check: PanelCheck, exposure: Exposure, panel: Panel): Promise<readonly Diagnostic[]> {
  const node = check.manifest.nodes.get(panel.model)
  const columns = check.columns.get(panel.model)
  const relation = check.standIns.get(panel.model)
  if (!node || node.kind === 'test' || !relation || !columns) return []
  const missing = namedColumns(panel).flatMap((column) => columnNotFound(panel, column, node.name, columns) ?? [])
  if (missing.length > 0) return missing
  const masked = (name: string) => maskedClass(exposure, check.classOf(panel.model, name), name)
  const shown = panelColumns(panel, columns, node.columns, masked)
  const found = [...formatProblems(panel, shown), ...axisProblems(panel, shown), ...filterProblems(panel, shown)]
  if (found.length > 0) return found
  const query: RowsQuery = {
    relation,
    columns,
    masked: new Map(shown.flatMap((column) => (column.masked ? [[column.name, column.masked] as const] : []))),
    shown: shown.map(({ name }) => name),
    ...(panel.where ? { where: panel.where.sql } : {}),
  }
  return panel.where ? await whereProblems(check, { exposure, panel, query, where: panel.where }) : []
}

function namedColumns({ columns, x, y, series, filters, orderBy }: Panel): readonly NamedColumn[] {
  const chosenBy = filters.flatMap((filter) => [filter, ...(filter.shownAs ? [filter.shownAs] : [])])
  const all = [...columns, x ?? [], y, series ?? [], chosenBy, orderBy].flat()
  return all.filter(({ name }) => name !== OTHER_COLUMNS)
}

function columnNotFound(
  { name: panel }: Panel,
  { name, place }: NamedColumn,
  node: string,
  columns: readonly ColumnInfo[],
): Diagnostic | undefined {
  if (findColumn(columns, name)) return undefined
  const names = columns.map((column) => column.name)
  return problem(
    'panel-column-not-found',
    `The panel "${panel}" names the column "${name}", which "${node}" does not have.`,
    {
      place,
      hint: didYouMean(name, names) ?? `it has: ${names.join(', ')}`,
    },
  )
}

function formatProblems(panel: Panel, shown: readonly ShownColumn[]): readonly Diagnostic[] {
  return panel.columns.flatMap(({ name, format, formatPlace, place }) => {
    const column = findColumn(shown, name)
    if (!format || !column || column.masked !== undefined || canBeShown(column.kind, format.kind)) return []
    const message = `The column "${column.name}" is ${column.type}: it cannot be shown as ${describeFormat(format.kind)}.`
    return [problem('panel-format', message, { place: formatPlace ?? place, hint: fittingFormats(column.kind) })]
  })
}

function canBeShown(kind: ColumnKind, format: FormatKind): boolean {
  switch (format) {
    case 'number':
    case 'integer':
    case 'money':
    case 'percent':
      return isNumeric(kind)
    case 'date':
      return kind === 'date' || kind === 'timestamp'
    case 'datetime':
      return kind === 'timestamp'
    case 'text':
      return true
    default:
      return unreachable(format)
  }
}

function describeFormat(format: FormatKind): string {
  return format === 'date' || format === 'datetime' ? `a ${format}` : format === 'integer' ? 'an integer' : format
}

function fittingFormats(kind: ColumnKind): string {
  if (isNumeric(kind)) return 'a number can be shown as number, integer, money, percent or text'
  if (kind === 'date') return 'a day can be shown as date or text'
  if (kind === 'timestamp') return 'a time can be shown as datetime, date or text'
  return 'leave the format out, or cast the column in the model'
}

function axisProblems({ kind, y, x }: Panel, shown: readonly ShownColumn[]): readonly Diagnostic[] {
  const onAxes = y.flatMap((axis) => {
    const column = findColumn(shown, axis.name)
    if (!column || isNumeric(column.kind)) return []
    const what = column.masked === undefined ? column.type : 'masked as personal data'
    const message = `The column "${column.name}" is ${what}: a ${kind} chart cannot draw it as y.`
    return [problem('panel-axis', message, { place: axis.place, hint: 'y is a number' })]
  })
  const column = x && findColumn(shown, x.name)
  if (!x || !column || column.kind !== 'other') return onAxes
  const message = `The column "${column.name}" is ${column.type}: it has no place on an axis.`
  return [...onAxes, problem('panel-axis', message, { place: x.place, hint: 'x is a day, a time, a number or a text' })]
}

function filterProblems({ filters }: Panel, shown: readonly ShownColumn[]): readonly Diagnostic[] {
  return filters.flatMap(({ name, kind, place }) => {
    const column = findColumn(shown, name)
    if (!column) return []
    if (column.masked !== undefined) return [filterOnMasked(column, place)]
    if (kind === 'date_range' && column.kind !== 'date' && column.kind !== 'timestamp') {
      const message = `The column "${column.name}" is ${column.type}: it has no days to choose.`
      return [problem('panel-filter', message, { place, hint: 'make the filter a select or a search' })]
    }
    if (kind === 'search' && column.kind !== 'text') {
      const message = `The column "${column.name}" is ${column.type}: only text can be searched.`
      return [problem('panel-filter', message, { place, hint: 'make the filter a select' })]
    }
    return []
  })
}

function filterOnMasked({ name, masked }: ShownColumn, place: Span): Diagnostic {
  return problem(
    'panel-filter',
    `The column "${name}" is personal data (${masked}) and masked: readers cannot choose by it.`,
    {
      place,
      hint: 'leave the filter out, or declare in "pii" of the exposure that readers may see the column, and why',
    },
  )
}

async function whereProblems(
  { connection, dialect }: PanelCheck,
  panelQuery: {
    readonly exposure: Exposure
    readonly panel: Panel
    readonly query: RowsQuery
    readonly where: NonNullable<Panel['where']>
  },
): Promise<readonly Diagnostic[]> {
  const { exposure, panel, query, where } = panelQuery
  const notOne = notOnePredicate(where.sql)
  if (notOne)
    return [
      problem('panel-where', `"where" of the panel "${panel.name}" is no predicate: ${notOne}.`, {
        place: where.place,
      }),
    ]
  try {
    await connection.describeQuery(rowsQuery(query, dialect))
    return []
  } catch (error) {
    if (!isRefusal(error)) throw error
    const fallback = placeInWhere(where, error, whereOffset(query, dialect))
    const subject = `panel ${panel.name} of ${exposure.name}`
    return [databaseDiagnostic(error, { subject, engine: dialect.name, fallback })]
  }
}

/** The word that the engine points at, where the predicate stands in the file as it was sent. */
function placeInWhere(
  { sql, place }: NonNullable<Panel['where']>,
  { position }: DatabaseError,
  start: number | undefined,
): Span {
  const written = writtenText(sql, place)
  if (!written || position === undefined || start === undefined) return place
  const offset = position - start
  if (offset < 0 || offset >= sql.length) return place
  const [word = ' '] = /^(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[\p{L}\p{N}_$]+)/u.exec(sql.slice(offset)) ?? []
  return { ...written, start: written.start + offset, end: written.start + offset + word.length }
}

/** Columns whose personal data is allowed must be columns that some panel could show. */
function allowedColumnProblems(
  { columns }: PanelCheck,
  { name: exposure, panels, allowance }: Exposure,
): readonly Diagnostic[] {
  if (!allowance || allowance.columns === 'all') return []
  // What one of them has is known only when data is there.
  if (panels.some(({ model }) => !columns.has(model))) return []
  const known = panels.flatMap(({ model }) => columns.get(model) ?? [])
  return allowance.columns.flatMap(({ name, place }) => {
    if (findColumn(known, name)) return []
    const hint = didYouMean(
      name,
      known.map((column) => column.name),
    )
    const message = `"${exposure}" allows personal data of the column "${name}", which none of its panels has.`
    return [problem('panel-column-not-found', message, { place, ...(hint === undefined ? {} : { hint }) })]
  })
}
