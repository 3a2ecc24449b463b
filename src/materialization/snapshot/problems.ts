import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { NodeBase } from '../../manifest/nodes.ts'

export function incompleteSnapshot(node: NodeBase, key: string): Diagnostic {
  return problem('snapshot-config', `The snapshot "${node.name}" has no ${key}.`, {
    place: node.place,
    hint: HINTS[key] ?? '',
  })
}

const HINTS: Readonly<Record<string, string>> = {
  unique_key: 'name the column or columns that identify a row',
  strategy: "set strategy to 'timestamp' or 'check'",
  updated_at: 'name the column that says when a row last changed',
  check_cols: "list the columns whose changes are kept, or 'all'",
}

export function snapshotOverView(node: NodeBase): Diagnostic {
  return problem('snapshot-over-view', `A view stands where the snapshot "${node.name}" keeps its table.`, {
    place: node.place,
    hint: 'drop or rename the view: a snapshot never replaces what it did not make',
  })
}

export function metaColumnsMissing(node: NodeBase, names: readonly string[]): Diagnostic {
  const list = names.map((name) => `"${name}"`).join(', ')
  return problem('snapshot-columns', `The published table of the snapshot "${node.name}" has no ${list}.`, {
    place: node.configPlaces.get('snapshot_meta_column_names') ?? node.place,
    hint: 'if snapshot_meta_column_names changed, rename the columns of the table as well',
  })
}

export function unknownCheckColumn(node: NodeBase, name: string, hint: string | undefined): Diagnostic {
  return problem('snapshot-columns', `The column "${name}" of check_cols is no column of the snapshot.`, {
    place: node.configPlaces.get('check_cols') ?? node.place,
    hint: hint ?? 'select the column, or take it out of check_cols',
  })
}

export function nullKey(node: NodeBase, key: string): Diagnostic {
  return problem('snapshot-null-key', `A row of the snapshot "${node.name}" has no value in its key: ${key}.`, {
    place: node.configPlaces.get('unique_key') ?? node.place,
    hint: 'filter such rows out, or give them a value',
  })
}

export function duplicateKey(node: NodeBase, key: string, count: string): Diagnostic {
  return problem('snapshot-duplicate-key', `${count} rows of the snapshot "${node.name}" have the same key: ${key}.`, {
    place: node.configPlaces.get('unique_key') ?? node.place,
    hint: 'keep one row of each key, or add columns to unique_key',
  })
}
