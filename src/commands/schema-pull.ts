import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection } from '../adapters/adapter.ts'
import { compareSchemas } from '../config/schema-file/compare.ts'
import { readSchemaFile } from '../config/schema-file/read.ts'
import { type Schema, schemaPath } from '../config/schema-file/schema-file.ts'
import { schemaText as textOfFile } from '../config/schema-file/write.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { heedWarnings } from '../diagnostics/warning-policy.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Source } from '../manifest/nodes.ts'
import { writeManyAtomically } from '../report/artifacts/write-many.ts'
import { schemaJson, schemaText } from '../report/schema-report.ts'
import type { ColumnDefinition } from '../sql/column-definition.ts'
import { relationLabel } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { declaredColumns } from './declared-columns.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { inspect } from './inspect.ts'
import { isRelation } from './is-relation.ts'
import { isWhole } from './is-whole.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { locationName } from './location-name.ts'
import { writing } from './output-files.ts'
import { openReporter } from './reporter.ts'
import { selectNodes } from './select-nodes.ts'

/**
 * `lavra schema pull`: reads the columns of the selected sources in the target's database, and the types and functions of others
 * that the project's SQL speaks of, and writes them into the file that `lavra check --offline` reads. Sources that were not
 * selected stay there as they are. Nothing is written when a source is not there, and no row of a table is read.
 */
export async function schemaPull(flags: Flags, world: World): Promise<ExitCode> {
  const reporter = openReporter(flags, { ...world, stdout: world.stderr })
  try {
    const project = await loadProject(flags, world, reporter.emit)
    const selected = await selectNodes(project, flags, ['source'])
    const sources = [...selected].flatMap((id) => project.manifest.sources.get(id) ?? []).filter(isRelation)
    const path = schemaPath(project.dialect.name)
    const before = formerSchema(project, path, flags)
    const kept = isWhole(flags) ? undefined : before
    const { after, location } = await inspect(project, flags, async ({ adapter, connection }) => {
      const location = locationName(adapter.location, project.root)
      if (!connection) throw new UserError(noDatabase(location))
      return { location, after: await pull({ project, sources, connection, kept }) }
    })
    const file = [join(project.root, path), textOfFile(after)] as const
    await writing(() => writeManyAtomically([file], project.context.secrets), false)
    const pulled = sources.filter(({ id }) => after.sources.has(id)).length
    const report = { pulled, location, engine: after.engine, path, changes: compareSchemas(before, after) }
    world.stdout.write(flags.output === 'json' ? schemaJson(report) : schemaText(report))
    return 0
  } finally {
    reporter.close()
  }
}

/** What the file has now. One that cannot be read is replaced, unless something of it was to be kept. */
function formerSchema({ root }: LoadedProject, path: string, flags: Flags): Schema | undefined {
  if (!existsSync(join(root, path))) return undefined
  try {
    return readSchemaFile({ path, text: readFileSync(join(root, path), 'utf8') })
  } catch (error) {
    if (error instanceof UserError && isWhole(flags)) return undefined
    throw error
  }
}

async function pull(input: {
  readonly project: LoadedProject
  readonly sources: readonly Source[]
  readonly connection: Connection
  /** What stays where it was not selected. */
  readonly kept: Schema | undefined
}): Promise<Schema> {
  const { project, sources, connection } = input
  const { manifest } = project
  const selected = new Set(sources.map(({ id }) => id))
  const kept = [...(input.kept?.sources ?? [])].filter(([id]) => !selected.has(id) && manifest.sources.has(id))
  const keptSources = kept.flatMap(([id]) => manifest.sources.get(id) ?? [])
  const read = await connection.surroundings({
    relations: [...sources, ...keptSources].map(({ relation }) => relation),
    words: wordsOf(manifest),
  })
  const found = new Map<UniqueId, readonly ColumnDefinition[]>(kept)
  const missing: Source[] = []
  for (const [index, source] of sources.entries()) {
    const columns = read.columns[index]
    if (columns) found.set(source.id, columns)
    else missing.push(source)
  }
  await tellMissing(project, connection, missing)
  return { engine: read.engine, vocabulary: read.vocabulary, sources: found }
}

/** Everything in the project's own files that may be a name, in lower case: every word, and what stands in double quotes. */
function wordsOf({ nodes, macros, operations }: Manifest): ReadonlySet<string> {
  const files = new Set([...nodes.values(), ...macros.values(), ...operations].map(({ file }) => file))
  const words = new Set<string>()
  for (const { text } of files) {
    for (const [word] of text.matchAll(/[\p{L}_][\p{L}\p{N}_$]*/gu)) words.add(word.toLowerCase())
    for (const [, name = ''] of text.matchAll(/"([^"\n]+)"/g)) words.add(name.toLowerCase())
  }
  return words
}

/** Throws `UserError` unless the columns of all of them are declared, which is enough to check by; that is a warning. */
async function tellMissing(project: LoadedProject, connection: Connection, missing: readonly Source[]): Promise<void> {
  if (missing.length === 0) return
  const existing = await connection.listRelations([...new Set(missing.map(({ relation }) => relation.schema))])
  const problems = missing.map((source) => sourceNotThere(source, existing.map(relationLabel)))
  if (problems.some(({ severity }) => severity === 'error')) throw new UserError(problems)
  for (const diagnostic of heedWarnings(project.warnings, problems)) project.emit({ kind: 'diagnostic', diagnostic })
}

function sourceNotThere(source: Source, existing: readonly string[]): Diagnostic {
  const { sourceName, name, relation, place } = source
  const label = relationLabel(relation)
  const isDeclared = declaredColumns(source) !== undefined
  return problem('source-not-there', `There is no relation "${label}" in the database.`, {
    place,
    severity: isDeclared ? 'warning' : 'error',
    subject: `source ${sourceName}.${name}`,
    hint: isDeclared
      ? 'until it is there, it is checked by the types that are declared'
      : (didYouMean(label, existing) ?? `make it, or leave it out with --exclude source:${sourceName}.${name}`),
  })
}

function noDatabase(location: string): Diagnostic {
  return problem('database-not-found', `There is no database at ${location} yet.`, {
    hint: 'pull from the target that has the sources, with --target',
  })
}
