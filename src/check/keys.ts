import type { Manifest } from '../manifest/manifest.ts'
import type { DataTest, Model } from '../manifest/nodes.ts'
import type { Span } from '../text/source-file.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Json } from '../util/json.ts'

/** Columns that are unique together in a relation, as the project says. */
export interface Key {
  /** In lower case, without quotes. */
  readonly columns: readonly string[]
  /** What says so: a data test, the `unique_key` of an incremental model, a constraint or a unique index. */
  readonly from: 'test' | 'unique_key' | 'primary_key' | 'unique' | 'index'
  readonly place: Span | undefined
}

/** The keys of every node and source of which the project names any; one that is no plain list of columns hides them all. */
export function readKeys(manifest: Manifest): ReadonlyMap<UniqueId, readonly Key[]> {
  const found = new Map<UniqueId, (Key | undefined)[]>()
  const add = (id: UniqueId, keys: readonly (Key | undefined)[]) => found.set(id, [...(found.get(id) ?? []), ...keys])
  for (const node of manifest.nodes.values()) {
    if (node.kind === 'model') add(node.id, declaredKeys(node))
    if (node.kind === 'test' && node.generic) add(node.generic.attachedTo, testedKeys(node))
  }
  const plain = [...found].flatMap(([id, keys]): readonly (readonly [UniqueId, readonly Key[]])[] => {
    const known = keys.flatMap((key) => key ?? [])
    return known.length > 0 && known.length === keys.length ? [[id, known]] : []
  })
  return new Map(plain)
}

/** What a generic test says is unique. A test of some rows (`where`) says nothing of the others. */
function testedKeys({ generic, config, place }: DataTest): readonly (Key | undefined)[] {
  if (!generic || config.where !== undefined) return []
  const columns = generic.name === 'unique' ? generic.columnName : generic.kwargs.combination_of_columns
  if (generic.name !== 'unique' && generic.name !== 'unique_combination_of_columns') return []
  return [keyOf(columns, 'test', place)]
}

/** What a model's own settings say is unique. With `delete+insert` by name, a key may stand for many rows. */
export function declaredKeys(model: Model): readonly (Key | undefined)[] {
  const { materialized, unique_key: uniqueKey, incremental_strategy: strategy, indexes = [] } = model.config
  const isMerged = materialized === 'incremental' && (strategy === undefined || strategy === 'merge')
  const constraints = [
    ...model.constraints,
    ...model.columns.flatMap(({ name, constraints: own }) => own.map((each) => ({ ...each, columns: [name] }))),
  ]
  return [
    ...(isMerged && uniqueKey !== undefined
      ? [keyOf(uniqueKey, 'unique_key', model.configPlaces.get('unique_key'))]
      : []),
    ...constraints.flatMap(({ type, columns, place }) =>
      type === 'primary_key' || type === 'unique' ? [keyOf(columns, type, place)] : [],
    ),
    ...indexes
      .filter(({ unique }) => unique)
      .map(({ columns }) => keyOf(columns, 'index', model.configPlaces.get('indexes'))),
  ]
}

function keyOf(written: Json | undefined, from: Key['from'], place: Span | undefined): Key | undefined {
  const names = typeof written === 'string' ? [written] : Array.isArray(written) ? written.map(String) : []
  const columns = names.flatMap((name) => plainName(name) ?? [])
  return columns.length > 0 && columns.length === names.length ? { columns, from, place } : undefined
}

/** A column's name in lower case; undefined for an expression. */
export function plainName(written: string): string | undefined {
  const quoted = /^"((?:[^"]|"")+)"$/.exec(written)?.[1]
  const name = quoted?.replaceAll('""', '"') ?? (/^[\p{L}_][\p{L}\p{N}_$]*$/u.test(written) ? written : undefined)
  return name?.toLowerCase()
}
