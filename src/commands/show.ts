import type { Connection } from '../adapters/adapter.ts'
import { DatabaseError } from '../adapters/adapter.ts'
import type { CompiledText } from '../compile/compile-text.ts'
import { databaseDiagnostic } from '../compile/database-diagnostic.ts'
import { isOrdered } from '../compile/sql-scan.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { DataTest, RunnableNode } from '../manifest/nodes.ts'
import { formatRowsAsJson } from '../report/rows-json.ts'
import { formatTable } from '../report/table.ts'
import type { QueryResult } from '../sql/value.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { compileInline } from './inline.ts'
import { type Inspection, inspect, subjectOf, valueRelations } from './inspect.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { openReporter } from './reporter.ts'
import { keyOf } from './row-key.ts'
import { selectNodes } from './select-nodes.ts'

const DEFAULT_LIMIT = 5

/**
 * `lavra show`: the rows that a model's query gives now, over what is published; or those of `--inline`. A query that does
 * not order its rows itself is ordered by the node's key where it declares one, so that two looks at the same data are the
 * same text.
 */
export async function show(flags: Flags, world: World): Promise<ExitCode> {
  const reporter = openReporter(flags, { ...world, stdout: world.stderr })
  const project = await loadProject(flags, world, reporter.emit)
  reporter.close()
  if (flags.inline === undefined && flags.select === undefined) throw new UserError(nothingToShow())
  await inspect(project, flags, async (inspection) => {
    const previews =
      flags.inline === undefined
        ? await selectedPreviews(project, inspection, flags)
        : [await inlinePreview(project, inspection, flags.inline)]
    for (const preview of previews) {
      const rows = await rowsOf(inspection, preview, flags.limit ?? DEFAULT_LIMIT)
      const text = flags.output === 'json' ? formatRowsAsJson(preview.name, rows) : formatTable(preview.name, rows)
      world.stdout.write(`${text}\n`)
    }
  })
  return 0
}

interface Preview {
  /** Absent for an inline query. */
  readonly name?: string
  readonly sql: string
  readonly orderBy: readonly string[]
  readonly compiled?: CompiledText
  readonly node?: RunnableNode
  /** SQL that the query needs to have run before it. */
  readonly header?: string
  /** What it reads. */
  readonly dependsOn?: readonly UniqueId[]
}

async function selectedPreviews(
  project: LoadedProject,
  inspection: Inspection,
  flags: Flags,
): Promise<readonly Preview[]> {
  const relations = valueRelations(project, inspection.catalog)
  const ids = await selectNodes(project, flags, ['model', 'seed', 'snapshot', 'test'], relations)
  const named = new Set((flags.select ?? []).flatMap((text) => text.split(/[\s,]+/)))
  const previews: Preview[] = []
  for (const id of ids) {
    const node = project.manifest.nodes.get(id)
    // A test comes along with what it tests; it is shown when it was meant itself.
    if (!node || (node.kind === 'test' && !named.has(node.name))) continue
    previews.push(...(await previewsOf(project, inspection, node, named, flags)))
  }
  return previews
}

async function previewsOf(
  project: LoadedProject,
  inspection: Inspection,
  node: RunnableNode,
  named: ReadonlySet<string>,
  flags: Flags,
): Promise<readonly Preview[]> {
  const { dialect, database } = inspection.adapter
  const orderBy = keyOf(project.manifest, node)
  if (node.kind === 'model' && node.config.per_value) {
    const states = inspection.catalog.statesOfNode(node.id)
    const wanted = named.has(node.name) ? states : states.filter((state) => named.has(state.identifier))
    return wanted.map((state) => ({
      name: state.identifier,
      sql: `select * from ${dialect.render({ database, schema: state.schema, identifier: state.identifier })}`,
      orderBy,
    }))
  }
  if (node.kind === 'test') {
    const tested = testedPerValue(project, node)
    if (tested !== undefined) return testPreviews(inspection, node, tested, flags)
  }
  if (node.kind === 'seed') return [{ name: node.name, sql: `select * from ${dialect.render(node.relation)}`, orderBy }]
  const compiled = await inspection.compiler.compile(inspection.connection, node, subjectOf(inspection, node, flags))
  const { sql_header: header } = node.config
  return [
    {
      name: node.name,
      sql: compiled.sql,
      orderBy,
      compiled,
      node,
      dependsOn: node.dependsOn,
      ...(header === undefined ? {} : { header }),
    },
  ]
}

/** The node of one relation per value that a test is declared on, if it is one. */
function testedPerValue({ manifest }: LoadedProject, { generic }: DataTest): UniqueId | undefined {
  const attached = generic && manifest.nodes.get(generic.attachedTo)
  return attached?.config.per_value === undefined ? undefined : attached.id
}

/** What a test finds in each of the relations that are published. */
async function testPreviews(
  inspection: Inspection,
  test: DataTest,
  tested: UniqueId,
  flags: Flags,
): Promise<readonly Preview[]> {
  const { database } = inspection.adapter
  const previews: Preview[] = []
  for (const { schema, identifier } of inspection.catalog.statesOfNode(tested)) {
    const readAs = new Map([[tested, { database, schema, identifier }]])
    const subject = { ...subjectOf(inspection, test, flags), readAs }
    const compiled = await inspection.compiler.compile(inspection.connection, test, subject)
    previews.push({
      name: `${test.name} of ${identifier}`,
      sql: compiled.sql,
      orderBy: [],
      compiled,
      node: test,
      dependsOn: test.dependsOn,
    })
  }
  return previews
}

async function inlinePreview(project: LoadedProject, inspection: Inspection, text: string): Promise<Preview> {
  const { compiled, dependsOn } = await compileInline(project, inspection, text)
  return { sql: compiled.sql, orderBy: [], compiled, dependsOn }
}

async function rowsOf(inspection: Inspection, preview: Preview, limit: number): Promise<QueryResult> {
  const { connection } = inspection
  if (!connection) throw new UserError(nothingBuilt(inspection))
  await inspection.sourceFiles.load(connection, preview)
  const ordered = preview.orderBy.length > 0 && !isOrdered(preview.sql)
  const before = ordered ? 'select * from (\n' : ''
  const after = ordered ? `\n) lavra_show\norder by ${preview.orderBy.join(', ')}` : ''
  const sql = `${before}${preview.sql}${after}${limit < 0 ? '' : `\nlimit ${limit}`}`
  return explained(connection, inspection, preview, sql, before.length)
}

async function explained(
  connection: Connection,
  inspection: Inspection,
  preview: Preview,
  sql: string,
  mainOffset: number,
): Promise<QueryResult> {
  try {
    if (preview.header !== undefined) await connection.execute(preview.header)
    return await connection.query(sql)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    const { compiled, node } = preview
    const failed = {
      subject: node ? `${node.kind} ${node.name}` : 'inline query',
      engine: inspection.adapter.dialect.name,
      mainOffset,
      ...(compiled ? { compiled } : {}),
      ...(node ? { fallback: node.place } : {}),
    }
    throw new UserError(databaseDiagnostic(error, failed), { cause: error })
  }
}

function nothingToShow() {
  return problem('nothing-selected', 'Say what to show.', {
    hint: 'lavra show --select <model>, or lavra show --inline "select …"',
  })
}

function nothingBuilt(inspection: Inspection) {
  return problem('database-not-found', `There is no database at ${inspection.adapter.location} yet.`, {
    hint: 'run "lavra build" first',
  })
}
