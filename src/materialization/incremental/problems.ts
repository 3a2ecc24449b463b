import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { NodeBase } from '../../manifest/nodes.ts'

export function unknownStrategy(node: NodeBase, strategy: string): Diagnostic {
  return problem('incremental-strategy', `There is no incremental strategy "${strategy}".`, {
    ...at(node, 'incremental_strategy'),
    hint: 'choose append, delete+insert or merge',
  })
}

export function unknownKey(node: NodeBase, key: string, hint: string | undefined): Diagnostic {
  return problem('incremental-unknown-key', `The unique_key "${key}" is no column of the model.`, {
    ...at(node, 'unique_key'),
    hint: hint ?? 'select the column, or correct unique_key',
  })
}

export function bothColumnLists(node: NodeBase): Diagnostic {
  return problem('incremental-merge-columns', 'The model sets both merge_update_columns and merge_exclude_columns.', {
    ...at(node, 'merge_exclude_columns'),
    hint: 'keep one of the two: they say the same thing from opposite sides',
  })
}

export function unknownUpdateColumn(
  node: NodeBase,
  name: string,
  option: string,
  hint: string | undefined,
): Diagnostic {
  return problem('incremental-merge-columns', `The column "${name}" of ${option} is no column of the model.`, {
    ...at(node, option),
    hint: hint ?? `take it out of ${option}`,
  })
}

export function missingColumns(node: NodeBase, names: readonly string[]): Diagnostic {
  const list = names.map((name) => `"${name}"`).join(', ')
  const what = names.length === 1 ? `The column ${list} is` : `The columns ${list} are`
  return problem('incremental-missing-column', `${what} in the published table, but no longer in the model.`, {
    ...at(node, 'on_schema_change'),
    hint: 'select it again, set on_schema_change, or rebuild the table with --full-refresh',
  })
}

export function schemaChanged(
  node: NodeBase,
  changes: {
    readonly added: readonly string[]
    readonly removed: readonly string[]
    readonly retyped: readonly string[]
  },
): Diagnostic {
  const parts = [
    ['new', changes.added],
    ['gone', changes.removed],
    ['of another type', changes.retyped],
  ] as const
  const list = parts.flatMap(([word, names]) => (names.length === 0 ? [] : [`${word}: ${names.join(', ')}`]))
  return problem(
    'incremental-schema-change',
    `The columns of the model are not those of its table (${list.join('; ')}).`,
    {
      ...at(node, 'on_schema_change'),
      hint: 'rebuild the table with --full-refresh, or set on_schema_change to append_new_columns or sync_all_columns',
    },
  )
}

export function nullKey(node: NodeBase, key: string): Diagnostic {
  return problem('incremental-null-key', `A new row of "${node.name}" has no value in its key: ${key}.`, {
    ...at(node, 'unique_key'),
    hint: 'a null key never matches an old row: filter such rows out, or give them a value',
  })
}

export function duplicateKey(node: NodeBase, key: string, count: string): Diagnostic {
  return problem('incremental-duplicate-key', `${count} new rows of "${node.name}" have the same key: ${key}.`, {
    ...at(node, 'unique_key'),
    hint: "keep one row of each key, or set incremental_strategy to 'delete+insert' if a key stands for many rows",
  })
}

export function doesNotFit(node: NodeBase, column: string, type: string): Diagnostic {
  return problem('incremental-type', `Values of the column "${column}" do not fit its type in the table, ${type}.`, {
    ...at(node, 'on_schema_change'),
    hint: 'cast the column in the model, or rebuild the table with --full-refresh',
  })
}

/** Where a config key was set; the node itself where it was not. */
function at(node: NodeBase, key: string): Pick<Diagnostic, 'place'> {
  return { place: node.configPlaces.get(key) ?? node.place }
}
