import { childOf, type LocatedValue, valueAt } from '../../config/located-value.ts'
import { choice, count, object, type Shaped, text } from '../../config/shape.ts'
import { isJsonObject, type Json } from '../../util/json.ts'
import type { Freshness, FreshnessLimit } from '../nodes.ts'
import type { ParseContext } from './parse-context.ts'
import type { WrittenSource, WrittenTable } from './properties-shape.ts'

/** What a source says of the age of its rows. */
export interface LoadedAt {
  /** Null where it was turned off. */
  readonly freshness: Freshness | null
  readonly loadedAtField?: string
  readonly loadedAtQuery?: string
}

/** The settings of a table that the project file and its properties give together. */
export type LoadedAtConfig = { readonly [key in 'freshness' | 'loaded_at_field' | 'loaded_at_query']?: Json }

/**
 * The limits of age of a table: those of the source, then its `config`, then the table's own and its `config`, each key from
 * the last that has it, as in dbt. `freshness: null` turns off what was said before it, `warn_after: null` that limit. The
 * project file is asked where none of them says anything.
 */
export function loadedAtOf(
  context: ParseContext,
  source: WrittenSource,
  table: WrittenTable,
  config: LoadedAtConfig,
): LoadedAt {
  const written = [source.at, source.config, table.at, table.config].flatMap((at) => (at && freshnessIn(at)) ?? [])
  const inProject = config.freshness === undefined ? [] : [valueAt(table.at.place, config.freshness, 'freshness')]
  const layers = (written.length > 0 ? written : inProject).map((at) => readLayer(context, at))
  return { freshness: layers.reduce(merge, NO_LIMITS), ...loadedAt(source, table, config) }
}

/** Also where it holds nothing. */
function freshnessIn(at: LocatedValue): LocatedValue | undefined {
  return isJsonObject(at.value) && Object.hasOwn(at.value, 'freshness') ? at.child('freshness') : undefined
}

const limit = object('a limit of age', {}, { count, period: choice('minute', 'hour', 'day') })

const layer = object('freshness', {}, { warn_after: limit, error_after: limit, filter: text })

/** One layer as it is written; null where it turns everything off. */
type Layer = (Partial<Shaped<typeof layer>> & { readonly at: LocatedValue }) | null

function readLayer({ problems }: ParseContext, at: LocatedValue): Layer {
  return at.value === null ? null : (layer(at, problems) ?? { at })
}

const NO_LIMIT: FreshnessLimit = { count: null, period: null }

const NO_LIMITS: Freshness = { warn_after: NO_LIMIT, error_after: NO_LIMIT, filter: null }

function merge(base: Freshness | null, update: Layer): Freshness | null {
  if (update === null) return null
  const { warn_after: warnAfter, error_after: errorAfter, filter } = update
  const before = base ?? NO_LIMITS
  return {
    warn_after: mergeLimit(before.warn_after, warnAfter, isNothing(update, 'warn_after')),
    error_after: mergeLimit(before.error_after, errorAfter, isNothing(update, 'error_after')),
    filter: filter ?? before.filter,
  }
}

/** What holds nothing takes away; what is not there does not. */
function isNothing({ at }: NonNullable<Layer>, key: keyof Freshness): boolean {
  return isJsonObject(at.value) && at.value[key] === null
}

function mergeLimit(
  base: FreshnessLimit | null,
  update: Shaped<typeof limit> | undefined,
  isTakenAway: boolean,
): FreshnessLimit | null {
  if (isTakenAway) return null
  if (update?.count === undefined || update.period === undefined) return base
  return { count: update.count, period: update.period }
}

/** The table's own way of telling comes before the source's; one that is null leaves the table without any. */
function loadedAt(source: WrittenSource, table: WrittenTable, config: LoadedAtConfig): Omit<LoadedAt, 'freshness'> {
  const hasOwnField = isJsonObject(table.at.value) && Object.hasOwn(table.at.value, 'loaded_at_field')
  const ownField = table.loaded_at_field ?? textIn(table.config, 'loaded_at_field')
  const ownQuery = table.loaded_at_query ?? textIn(table.config, 'loaded_at_query')
  const query =
    ownQuery ??
    (hasOwnField || ownField !== undefined ? undefined : (source.loaded_at_query ?? textOf(config.loaded_at_query)))
  const field = hasOwnField ? ownField : (ownField ?? source.loaded_at_field ?? textOf(config.loaded_at_field))
  return {
    ...(field === undefined ? {} : { loadedAtField: field }),
    ...(query === undefined ? {} : { loadedAtQuery: query }),
  }
}

function textIn(at: LocatedValue | undefined, key: string): string | undefined {
  return at && textOf(childOf(at, key)?.value)
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
