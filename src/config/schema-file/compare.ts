import type { ColumnDefinition } from '../../sql/column-definition.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import type { Schema } from './schema-file.ts'

/** What is different in a schema since it was read the last time. */
export interface SchemaChanges {
  readonly sources: readonly SourceChange[]
  /** Types, functions and extensions, and the settings by which they are found, as they stand in the file. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

export interface SourceChange {
  readonly id: UniqueId
  readonly kind: 'added' | 'removed' | 'changed'
  readonly columns: readonly ColumnChange[]
}

export type ColumnChange =
  | { readonly kind: 'added' | 'removed'; readonly name: string; readonly type: string }
  | { readonly kind: 'retyped'; readonly name: string; readonly type: string; readonly was: string }
  /** The columns that both have come in another order. */
  | { readonly kind: 'reordered' }

/** What has changed, sources by their names. */
export function compareSchemas(before: Schema | undefined, after: Schema): SchemaChanges {
  const ids = [...new Set([...(before?.sources.keys() ?? []), ...after.sources.keys()])].sort()
  const [old, now] = [before ? linesOf(before) : [], linesOf(after)]
  return {
    sources: ids.flatMap((id) => compareSource(id, before?.sources.get(id), after.sources.get(id))),
    added: now.filter((line) => !old.includes(line)),
    removed: old.filter((line) => !now.includes(line)),
  }
}

function compareSource(
  id: UniqueId,
  before: readonly ColumnDefinition[] | undefined,
  after: readonly ColumnDefinition[] | undefined,
): readonly SourceChange[] {
  if (before === undefined || after === undefined) {
    const kind = before === undefined ? 'added' : 'removed'
    return [{ id, kind, columns: (before ?? after ?? []).map((column) => ({ kind, ...column })) }]
  }
  const columns = compareColumns(before, after)
  return columns.length === 0 ? [] : [{ id, kind: 'changed', columns }]
}

function compareColumns(
  before: readonly ColumnDefinition[],
  after: readonly ColumnDefinition[],
): readonly ColumnChange[] {
  const old = new Map(before.map((column) => [column.name, column]))
  const now = new Map(after.map((column) => [column.name, column]))
  const both = (columns: readonly ColumnDefinition[]) =>
    columns.map(({ name }) => name).filter((name) => old.has(name) && now.has(name))
  const isReordered = both(before).join('\n') !== both(after).join('\n')
  return [
    ...after.filter(({ name }) => !old.has(name)).map((column) => ({ kind: 'added' as const, ...column })),
    ...before.filter(({ name }) => !now.has(name)).map((column) => ({ kind: 'removed' as const, ...column })),
    ...after.flatMap(({ name, type }) => {
      const was = old.get(name)?.type
      return was === undefined || was === type ? [] : [{ kind: 'retyped' as const, name, type, was }]
    }),
    ...(isReordered ? [{ kind: 'reordered' as const }] : []),
  ]
}

function linesOf({ engine, vocabulary }: Schema): readonly string[] {
  const { searchPath, extensions, types, functions, collations } = vocabulary
  return [
    `engine ${engine}`,
    ...(searchPath.length === 0 ? [] : [`search_path ${searchPath.join(', ')}`]),
    ...extensions.map(({ name, schema }) => `extension ${name} in ${schema}`),
    ...types.map((statement) => statement.replace(/^create /, '')),
    ...functions.map((signature) => `function ${signature}`),
    ...collations.map((name) => `collation ${name}`),
  ]
}
