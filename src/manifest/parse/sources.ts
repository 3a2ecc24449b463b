import { childOf, type LocatedValue } from '../../config/located-value.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import { uniqueId } from '../../text/unique-id.ts'
import type { JsonObject } from '../../util/json.ts'
import type { ExternalSource } from '../nodes.ts'
import { columnsOf } from './columns.ts'
import { finalConfig, outerLayers } from './configure.ts'
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
  const external = externalOf(context, written, table, config.meta)
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

type External = { readonly external: ExternalSource; readonly externalPlace: LocatedValue['place'] }

/**
 * A table that is files. Written as `external: {location, format, options}`, or as dbt-duckdb has it: `external_location` in
 * `meta` or `config` of the source or table, with `{name}` and `{identifier}` for the table's own.
 */
function externalOf(
  context: ParseContext,
  source: WrittenSource,
  table: WrittenTable,
  meta: JsonObject,
): External | undefined {
  if (table.external) {
    const { location, options, at } = table.external
    const format = table.external.format ?? formatOf(location)
    if (format === undefined) {
      context.problems.push(formatUnknown(location, at.child('location')))
      return undefined
    }
    return { external: { location, format, options: options ?? {} }, externalPlace: at.child('location').place }
  }
  const located = [table, source].map(externalLocation).find((at) => at !== undefined)
  const location = located?.value ?? meta.external_location
  if (typeof location !== 'string') return undefined
  const names = { name: table.name, identifier: table.identifier ?? table.name, schema: source.schema ?? source.name }
  const filled = location.replace(/\{(name|identifier|schema)\}/g, (_, key: keyof typeof names) => names[key])
  const format = formatOf(filled)
  if (format === undefined) {
    context.problems.push(formatUnknown(filled, located ?? table.at))
    return undefined
  }
  return { external: { location: filled, format, options: {} }, externalPlace: (located ?? table.at).place }
}

function externalLocation(written: WrittenSource | WrittenTable): LocatedValue | undefined {
  const inConfig = written.config && (childOf(written.config, 'external_location') ?? metaOf(written.config))
  return inConfig ?? metaOf(written.at)
}

function metaOf(at: LocatedValue): LocatedValue | undefined {
  const meta = childOf(at, 'meta')
  return meta && childOf(meta, 'external_location')
}

function formatOf(location: string): ExternalSource['format'] | undefined {
  const extension = /\.(csv|tsv|json|jsonl|ndjson|parquet)[^./]*(?:\.(?:gz|zst)[^./]*)?$/i
    .exec(location)?.[1]
    ?.toLowerCase()
  if (extension === undefined) return undefined
  if (extension === 'parquet') return 'parquet'
  return extension === 'csv' || extension === 'tsv' ? 'csv' : 'json'
}

function formatUnknown(location: string, at: LocatedValue): Diagnostic {
  return problem('external-format-unknown', `The name of "${location}" does not tell the format of the files.`, {
    place: at.place,
    hint: 'write external: { location: …, format: csv | json | parquet }',
  })
}
