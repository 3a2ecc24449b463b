import { childOf, type LocatedValue } from '../../config/located-value.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { ExternalFiles } from '../../sql/dialect.ts'
import type { ExternalSource } from '../nodes.ts'
import type { ParseContext } from './parse-context.ts'
import type { WrittenSource, WrittenTable } from './properties-shape.ts'

/** The settings of a table and its `meta`, by key. */
type Settings = Readonly<Record<string, unknown>>

type External = { readonly external: ExternalSource; readonly externalPlace: LocatedValue['place'] }

/**
 * A table that is files. Written as `external: {location, format, options}`, or as dbt-duckdb has it: `external_location` in
 * `meta` or `config` of the source or table, a location or a call that reads it, with `{name}` and `{identifier}` for the
 * table's own.
 */
export function externalOf(
  context: ParseContext,
  source: WrittenSource,
  table: WrittenTable,
  settings: Settings,
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
  const location = located?.value ?? settings.external_location
  if (typeof location !== 'string') return undefined
  const filled = fillIn(location, {
    ...settings,
    name: table.name,
    identifier: table.identifier ?? table.name,
    schema: source.schema ?? source.name,
    database: source.database ?? context.project.target.database,
  })
  const { place: externalPlace } = located ?? table.at
  if (isReadAsItIs(filled)) return { external: { call: filled }, externalPlace }
  const format = formatOf(filled)
  if (format === undefined) {
    context.problems.push(formatUnknown(filled, located ?? table.at))
    return undefined
  }
  return { external: { location: filled, format, options: {} }, externalPlace }
}

/** dbt-duckdb's three ways of naming what stands in a location, by `formatter`: Python's `{name}`, `%(name)s` and `$name`. */
const PLACEHOLDERS = {
  newstyle: /\{(\w+)\}/g,
  oldstyle: /%\((\w+)\)s/g,
  template: /\$(?:\{(\w+)\}|(\w+))/g,
} as const

/** What no name stands for is left as it is: braces have a meaning in SQL too. */
function fillIn(location: string, values: Settings): string {
  const { formatter } = values
  const placeholder = PLACEHOLDERS[formatter === 'oldstyle' || formatter === 'template' ? formatter : 'newstyle']
  return location.replace(placeholder, (written, name: string | undefined, other: string | undefined) => {
    const key = name ?? other ?? ''
    const value = Object.hasOwn(values, key) ? values[key] : undefined
    return value === undefined || typeof value === 'object' ? written : String(value)
  })
}

/** A call such as `read_csv(…)`, a query in parentheses, or a name that is quoted already. A parenthesis alone may be in a path. */
function isReadAsItIs(location: string): boolean {
  return /^\s*(?:[\w.]*\s*\(|')/.test(location)
}

function externalLocation(written: WrittenSource | WrittenTable): LocatedValue | undefined {
  const inConfig = written.config && (childOf(written.config, 'external_location') ?? metaOf(written.config))
  return inConfig ?? metaOf(written.at)
}

function metaOf(at: LocatedValue): LocatedValue | undefined {
  const meta = childOf(at, 'meta')
  return meta && childOf(meta, 'external_location')
}

function formatOf(location: string): ExternalFiles['format'] | undefined {
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
