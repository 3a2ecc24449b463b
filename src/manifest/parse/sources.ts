import { uniqueId } from '../../text/unique-id.ts'
import { columnsOf } from './columns.ts'
import { finalConfig, outerLayers } from './configure.ts'
import { externalOf } from './external.ts'
import { type LoadedAtConfig, loadedAtOf } from './freshness.ts'
import { fqnOf } from './names.ts'
import { type ParseContext, renderDescription } from './parse-context.ts'
import type { ParsedSource } from './parsed.ts'
import { type InFile, propertyConfig } from './properties.ts'
import type { WrittenSource, WrittenTable } from './properties-shape.ts'

/** The tables of a source. */
export function parseSource(context: ParseContext, source: InFile<WrittenSource>): readonly ParsedSource[] {
  return (source.written.tables ?? []).map((table) => parseTable(context, source, table))
}

const BESIDE = ['meta', 'tags', 'quoting']

function parseTable(
  context: ParseContext,
  { written, file, below }: InFile<WrittenSource>,
  table: WrittenTable,
): ParsedSource {
  const packageName = context.project.name
  const fqn = fqnOf(packageName, below, written.name, table.name)
  const entries = [...propertyConfig(written, BESIDE), ...propertyConfig(table, BESIDE)]
  const { config } = finalConfig(context, outerLayers(context, 'source', fqn, entries), 'source')
  const external = externalOf(context, written, table, { ...config, ...config.meta })
  return {
    kind: 'source',
    id: uniqueId('source', packageName, written.name, table.name),
    package: packageName,
    sourceName: written.name,
    name: table.name,
    fqn,
    file,
    place: table.at.child('name').place,
    description: descriptionOf(context, table),
    sourceDescription: descriptionOf(context, written),
    columns: columnsOf(context, table.columns),
    config,
    loader: table.loader ?? written.loader ?? '',
    ...(written.database === undefined ? {} : { database: written.database }),
    schema: written.schema ?? written.name,
    identifier: table.identifier ?? table.name,
    ...(external ?? {}),
    ...loadedAtOf(context, written, table, config as LoadedAtConfig), // settings that only sources have
  }
}

function descriptionOf(context: ParseContext, written: WrittenSource | WrittenTable): string {
  return written.description === undefined ? '' : renderDescription(context, written.at.child('description'))
}
