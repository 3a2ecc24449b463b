import type { Connection } from '../adapters/adapter.ts'
import { type RowsQuery, rowsQuery } from '../compile/rows-query.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { ClassOfColumn } from '../manifest/personal-data.ts'
import { chosenConditions } from '../report/choices.ts'
import { LOCALES, type Locale, languageOf } from '../report/locale-text.ts'
import { ofOnePublication, publicationOf } from '../report/one-publication.ts'
import { describePublication } from '../report/publication.ts'
import { csvWriter } from '../report/rows/csv.ts'
import { jsonWriter } from '../report/rows/json.ts'
import { markdownWriter } from '../report/rows/markdown.ts'
import type { RowWriter } from '../report/rows/row-writer.ts'
import { numbersWriter, terminalWriter } from '../report/rows/terminal.ts'
import { type PreparedView, prepareView, publishedState, type View } from '../report/views.ts'
import { relationLabel } from '../sql/relation.ts'
import type { QueryResult } from '../sql/value.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { type Inspection, inspect, publishedOnTarget } from './inspect.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { classesOfReport } from './report/classes.ts'
import { Destination } from './report/destination.ts'
import { explained } from './report/explained.ts'
import { findViews } from './report/find-views.ts'
import { writeParquetFile } from './report/parquet.ts'
import { untilAborted } from './report/until-aborted.ts'
import { openReporter } from './reporter.ts'

/** Rows of a table for the terminal where nobody says how many: it is read by eye, and held until it is whole. */
const ROWS_OF_A_TABLE = 100

/**
 * `lavra report`: what was published, as a dashboard shows it or by itself, to standard output or a file. The database is
 * opened for reading and is given back before anything is shown. Which run published it is told on the error stream.
 */
export async function report(flags: Flags, world: World, args: readonly string[]): Promise<ExitCode> {
  const [name = ''] = args
  const format = flags.format ?? 'table'
  if (format === 'parquet' && flags.outputFile === undefined && world.stdout.isTTY) throw new UserError(binaryOutput())
  const reporter = openReporter(flags, { ...world, stdout: world.stderr })
  const project = await loadProject(flags, world, reporter.emit)
  const classOf = await classesOfReport(project, flags, name)
  const destination = await Destination.make(world, flags.outputFile)
  try {
    const told = await inspect(project, flags, (inspection) =>
      interruptibly(inspection, world, () =>
        readReport({ project, flags, world, inspection, destination, name, format, classOf }),
      ),
    )
    world.signal.throwIfAborted()
    await destination.commit(world, format !== 'parquet')
    for (const message of told) reporter.emit({ kind: 'log', level: 'info', message })
    return 0
  } finally {
    reporter.close()
    await destination.remove()
  }
}

interface Report {
  readonly project: LoadedProject
  readonly flags: Flags
  readonly world: World
  readonly inspection: Inspection
  readonly destination: Destination
  readonly name: string
  readonly format: string
  readonly classOf: ClassOfColumn
}

/** Writes the report, and gives what is told of it. */
async function readReport(asked: Report): Promise<readonly string[]> {
  const { project, flags, inspection, destination, name, format, classOf } = asked
  const { connection, adapter } = inspection
  if (!connection) throw new UserError(nothingBuilt(adapter.location))
  const readStates = () => publishedOnTarget(project, adapter, connection)
  return await ofOnePublication(name, readStates, async (states) => {
    await destination.restart()
    const views = findViews(project.manifest, publishedState(adapter.database, states), name, flags.panel)
    if (views.length > 1 && !isForPeople(format)) throw new UserError(oneAtATime(name, format, views))
    const cut = await writeViews(asked, connection, await prepareViews(classOf, connection, views))
    const relations = views.map(({ relation }) => relation)
    const told = relations.map((each) => describePublication(relationLabel(each), publicationOf(each, states)))
    return { result: [...new Set(told), ...cut], relations }
  })
}

async function prepareViews(
  classOf: ClassOfColumn,
  connection: Connection,
  views: readonly View[],
): Promise<readonly PreparedView[]> {
  const prepared: PreparedView[] = []
  for (const view of views) {
    const columns = await connection.columnsOf(view.relation)
    if (columns.length === 0) throw new UserError(notPublished(view))
    prepared.push(prepareView(view, columns, classOf))
  }
  return prepared
}

/** Gives what is told of views that were cut. */
async function writeViews(
  { flags, project, inspection, world, destination, format }: Report,
  connection: Connection,
  views: readonly PreparedView[],
): Promise<readonly string[]> {
  const { dialect } = inspection.adapter
  const choices = { filters: flags.filter ?? [], ...(flags.where === undefined ? {} : { where: flags.where }) }
  const conditions = chosenConditions(views, choices, dialect)
  const told: string[] = []
  for (const [index, prepared] of views.entries()) {
    const columns = prepared.columns.filter(({ isHidden }) => !isHidden)
    const shown = columns.map(({ name }) => name)
    const limit = limitOf(prepared.query.limit, flags.limit)
    const most = limit === undefined && format === 'table' ? ROWS_OF_A_TABLE : undefined
    const query = withLimit(
      { ...prepared.query, shown, conditions: conditions[index] ?? [] },
      most === undefined ? limit : most + 1,
    )
    const sql = rowsQuery(query, dialect)
    await explained(prepared, flags, dialect.name, sql, async () => {
      // A text that is more than one statement is refused here, before any of it runs.
      await connection.describeQuery(sql)
      if (format === 'parquet') {
        const { writeParquet } = project
        return await writeParquetFile(connection, sql, destination.path, { columns, writeParquet, world })
      }
      if (index > 0) await destination.write('\n')
      const writer = writerFor(format, { ...prepared, columns }, flags, views.length > 1)
      const rows = untilAborted(connection.stream(sql), world.signal)
      const isCut = await writeRows(rows, writer, destination, most)
      if (isCut) told.push(`${prepared.view.name}: only the first ${most} rows; --limit -1 gives all of them`)
    })
  }
  return told
}

/** Whether there were more rows than `most`. */
async function writeRows(
  parts: AsyncIterable<QueryResult>,
  writer: RowWriter,
  destination: Destination,
  most = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  await destination.write(writer.start())
  let count = 0
  for await (const { rows } of parts) {
    await destination.write(writer.rows(rows.slice(0, Math.max(0, most - count))))
    count += rows.length
  }
  await destination.write(writer.end())
  return count > most
}

function writerFor(format: string, { view, columns }: PreparedView, flags: Flags, isOneOfMany: boolean): RowWriter {
  const locale: Locale = LOCALES.find((each) => each === flags.locale) ?? 'en'
  const title = view.title && (isOneOfMany || view.exposure) ? view.title[languageOf(locale)] : undefined
  switch (format) {
    case 'csv':
      return csvWriter(columns)
    case 'json':
      return jsonWriter(columns)
    case 'md':
      return markdownWriter(columns, locale, title)
    default:
      return view.panel.kind === 'number'
        ? numbersWriter(columns, locale, title)
        : terminalWriter(columns, locale, title)
  }
}

function isForPeople(format: string): boolean {
  return format === 'table' || format === 'md'
}

/** Less than none is all, as for `show`; no flag takes the limit of a panel away. */
function limitOf(ofPanel: number | undefined, ofReader: number | undefined): number | undefined {
  const wanted = ofReader === undefined || ofReader < 0 ? undefined : ofReader
  if (ofPanel === undefined) return wanted ?? (ofReader === undefined ? undefined : Number.POSITIVE_INFINITY)
  return Math.min(ofPanel, wanted ?? ofPanel)
}

function withLimit(query: RowsQuery, limit: number | undefined): RowsQuery {
  const { limit: _, ...rest } = query
  return limit === undefined || limit === Number.POSITIVE_INFINITY ? rest : { ...rest, limit }
}

async function interruptibly<Result>(
  { adapter }: Inspection,
  { signal }: World,
  work: () => Promise<Result>,
): Promise<Result> {
  const interrupt = () => adapter.interrupt()
  signal.addEventListener('abort', interrupt)
  try {
    return await work()
  } finally {
    signal.removeEventListener('abort', interrupt)
  }
}

function oneAtATime(name: string, format: string, views: readonly View[]) {
  const names = views.map((view) => view.name)
  const message = `"${name}" has ${views.length} panels, and ${format} holds the rows of one.`
  return problem('report-panels', message, { hint: `choose one with --panel: ${names.join(', ')}` })
}

function binaryOutput() {
  return problem('report-binary', 'Parquet is no text that a terminal could show.', {
    hint: 'give a file with --output-file, or send the output somewhere else',
  })
}

function notPublished({ relation }: View) {
  return problem('not-published', `There is no relation "${relationLabel(relation)}" yet.`, {
    hint: 'run "lavra build" first',
  })
}

function nothingBuilt(location: string) {
  return problem('database-not-found', `There is no database at ${location} yet.`, { hint: 'run "lavra build" first' })
}
