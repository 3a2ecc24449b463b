import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ColumnInfo, type Connection, DatabaseError } from '../adapters/adapter.ts'
import type { Refused } from '../adapters/furnishing.ts'
import { readSchemaFile } from '../config/schema-file/read.ts'
import { type SchemaFile, schemaPath } from '../config/schema-file/schema-file.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, stopOnErrors, UserError } from '../diagnostics/errors.ts'
import type { Source } from '../manifest/nodes.ts'
import { firstRefused } from '../shadow/written-types.ts'
import type { Span } from '../text/source-file.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { OfflineShadow } from './create-adapter.ts'
import { declaredColumns, sourceLabel, sourceTypeUnknown } from './declared-columns.ts'
import { isRelation } from './is-relation.ts'
import { type KnownSources, knownSources } from './known-sources.ts'
import type { LoadedProject } from './load-project.ts'

/**
 * What `lavra schema pull` wrote for the engine of the project; undefined where it was never called and nothing of these
 * nodes needs it. Throws `UserError`.
 */
export function readSchema(
  { root, dialect, manifest }: LoadedProject,
  order: readonly UniqueId[],
): SchemaFile | undefined {
  const path = schemaPath(dialect.name)
  if (existsSync(join(root, path))) return readSchemaFile({ path, text: readFileSync(join(root, path), 'utf8') })
  const sources = order.flatMap((id) => manifest.sources.get(id) ?? []).filter(isRelation)
  const unknown = sources.find((source) => declaredColumns(source) === undefined)
  if (unknown) throw new UserError(schemaFileMissing(path, unknown))
  return undefined
}

/** Makes sources as empty tables, with what their types and the SQL of the project need. Throws `UserError`. */
export async function makeOfflineSources(input: {
  readonly project: LoadedProject
  readonly order: readonly UniqueId[]
  readonly shadow: OfflineShadow
  readonly connection: Connection
  readonly schema: SchemaFile | undefined
}): Promise<KnownSources> {
  const { project, order, shadow, schema } = input
  const sources = order.flatMap((id) => project.manifest.sources.get(id) ?? []).filter(isRelation)
  const known = new Map<UniqueId, readonly ColumnInfo[] | UserError>()
  const warnings: Diagnostic[] = []
  const { refused } = await shadow.furnish(async () => {
    for (const source of sources) {
      const made = await makeSource(source, input)
      if ('place' in made) warnings.push(beyond(made.error, made.place))
      else known.set(source.id, made)
    }
  })
  const problems = schema ? refused.map((each) => refusedProblem(each, schema)) : []
  return knownSources(known, [...stopOnErrors(problems), ...warnings])
}

type MakeInput = Parameters<typeof makeOfflineSources>[0]

/** A type of a source that the engine does not have. */
interface Beyond {
  readonly error: DatabaseError
  readonly place: Span
}

/** Makes the table of a source and gives its columns. What is wrong is a value: it is told when the source is asked for. */
async function makeSource(
  source: Source,
  { project, shadow, connection, schema }: MakeInput,
): Promise<readonly ColumnInfo[] | UserError | Beyond> {
  const { relation } = source
  const pulled = schema?.sources.get(source.id)
  const columns = pulled ?? declaredColumns(source)
  if (columns === undefined) return new UserError(notPulled(source, schema?.path ?? schemaPath(project.dialect.name)))
  const { dialect } = project
  // Two sources of one table, or a table of the system catalogs.
  const standing = await connection.columnsOf(relation)
  if (standing.length > 0) return standing
  try {
    await connection.execute(dialect.createSchema(relation))
    await connection.execute(dialect.createStandIn(relation, columns))
    const made = await connection.columnsOf(relation)
    // Where stand-ins have the names of what they stand for.
    if (!shadow.isTarget) await connection.execute(dialect.drop(relation, 'table'))
    // What is declared is called as it was written, as it is where the database has no such table.
    return pulled ? made : columns
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return await wrongColumns(source, columns, { connection, schema, error })
  }
}

/** Which of the columns cannot be made. */
async function wrongColumns(
  source: Source,
  columns: readonly ColumnInfo[],
  context: { readonly connection: Connection; readonly schema: SchemaFile | undefined; readonly error: DatabaseError },
): Promise<UserError | Beyond> {
  const { connection, schema, error } = context
  const pulled = schema?.sources.has(source.id) ? schema : undefined
  const wrong = await firstRefused(
    connection,
    columns.map(({ type }) => type),
  )
  if (!wrong) {
    return new UserError(refusedText(error, pulled?.placeOfSource(source.id) ?? source.place, sourceLabel(source)))
  }
  const { index, refusal } = wrong
  const place = pulled?.placeOfSource(source.id, index) ?? source.columns[index]?.typePlace ?? source.place
  if (refusal.code === 'beyond') return { error: refusal, place }
  return new UserError(
    pulled ? refusedText(refusal, place, sourceLabel(source)) : sourceTypeUnknown(source, index, refusal),
  )
}

function refusedProblem({ list, index, error }: Refused, schema: SchemaFile): Diagnostic {
  const place = schema.placeOf(list, index)
  return error.code === 'beyond' ? beyond(error, place) : refusedText(error, place)
}

function refusedText({ title, message }: DatabaseError, place: Span, subject?: string): Diagnostic {
  return problem('schema-refused', `${title}: ${message}`, {
    place,
    ...(subject === undefined ? {} : { subject }),
    hint: 'read it from the database with "lavra schema pull"',
  })
}

function beyond({ title, message, hint }: DatabaseError, place: Span): Diagnostic {
  return {
    code: 'offline-unknown',
    severity: 'warning',
    message: `${title}: ${message}`,
    place,
    ...(hint === undefined ? {} : { hint }),
  }
}

function notPulled(source: Source, path: string): Diagnostic {
  return problem(
    'source-not-pulled',
    `Offline, nobody knows the columns of "${source.sourceName}.${source.name}": "${path}" does not have it.`,
    {
      place: source.place,
      subject: sourceLabel(source),
      hint: `read them from the database with "lavra schema pull --select source:${source.sourceName}.${source.name}"`,
    },
  )
}

function schemaFileMissing(path: string, source: Source): Diagnostic {
  return problem(
    'schema-file-missing',
    `Offline, nobody knows the columns of "${source.sourceName}.${source.name}": there is no "${path}".`,
    {
      place: source.place,
      subject: sourceLabel(source),
      hint: 'read the columns of all sources from the database with "lavra schema pull", and commit the file',
    },
  )
}
