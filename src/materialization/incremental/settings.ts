import type { ColumnInfo } from '../../adapters/adapter.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { UserError } from '../../diagnostics/errors.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { NodeBase } from '../../manifest/nodes.ts'
import { findColumn, unquoted } from '../find-column.ts'
import { bothColumnLists, unknownKey, unknownStrategy, unknownUpdateColumn } from './problems.ts'

const STRATEGIES = ['append', 'delete+insert', 'merge'] as const
type Strategy = (typeof STRATEGIES)[number]

/** How the new rows of an incremental model get into its table, read from its config. */
export interface IncrementalSettings {
  readonly strategy: Strategy
  /** Columns or expressions that together identify a row; none for `append`. */
  readonly keys: readonly Key[]
  /** Whether one key may stand for several new rows. */
  readonly allowsDuplicateKeys: boolean
  /** Conditions on `DBT_INTERNAL_DEST` (and, for merge, `DBT_INTERNAL_SOURCE`) that narrow what is replaced. */
  readonly predicates: readonly string[]
  /** For merge: the columns that a new row writes over in an old one. */
  readonly updateColumns: readonly string[]
}

/** A column of that name, or SQL over the columns of either side. */
export type Key =
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'expression'; readonly sql: string }

/**
 * Reads the settings against the columns of the new rows. Without a strategy, dbt's default: delete+insert with a key,
 * append without.
 *
 * A model that names `delete+insert` replaces all rows of a key, so that a key may be a day of many rows, as it may in
 * dbt. One that names only a key promises that the key is unique, and so does merge.
 */
export function incrementalSettings(node: NodeBase, delta: readonly ColumnInfo[]): IncrementalSettings {
  const { config } = node
  const problems: Diagnostic[] = []
  const named = config.incremental_strategy
  const strategy = STRATEGIES.find((known) => known === named)
  if (named !== undefined && !strategy) problems.push(unknownStrategy(node, named))
  const keys = uniqueKeys(config.unique_key).map((key) => {
    const column = findColumn(delta, unquoted(key))
    if (column) return { kind: 'column', name: column.name } as const
    // A merge has both sides in one scope, where an expression would not say which it means.
    if (strategy === 'merge' || /^[\w"]+$/.test(key))
      problems.push(unknownKey(node, key, didYouMean(unquoted(key), names(delta))))
    return { kind: 'expression', sql: key } as const
  })
  const updateColumns = updatedColumns(node, delta, problems)
  if (problems.length > 0) throw new UserError(problems)
  const hasKeys = keys.length > 0
  return {
    strategy: hasKeys ? (strategy ?? 'delete+insert') : 'append',
    keys: strategy === 'append' ? [] : keys,
    allowsDuplicateKeys: strategy === 'delete+insert',
    predicates: config.incremental_predicates ?? [],
    updateColumns,
  }
}

/** The parts of a `unique_key`, each once. */
export function uniqueKeys(key: string | readonly string[] | undefined): readonly string[] {
  if (key === undefined || key === '') return []
  return [...new Set(typeof key === 'string' ? [key] : key)]
}

function updatedColumns(node: NodeBase, delta: readonly ColumnInfo[], problems: Diagnostic[]): readonly string[] {
  const { merge_update_columns: update, merge_exclude_columns: exclude } = node.config
  if (update && exclude) problems.push(bothColumnLists(node))
  const resolve = (name: string, option: string): readonly string[] => {
    const column = findColumn(delta, unquoted(name))
    if (column) return [column.name]
    problems.push(unknownUpdateColumn(node, name, option, didYouMean(unquoted(name), names(delta))))
    return []
  }
  if (update) return update.flatMap((name) => resolve(name, 'merge_update_columns'))
  const excluded = new Set(exclude?.flatMap((name) => resolve(name, 'merge_exclude_columns')))
  return names(delta).filter((name) => !excluded.has(name))
}

function names(columns: readonly ColumnInfo[]): readonly string[] {
  return columns.map((column) => column.name)
}
