import type { Manifest } from '../manifest/manifest.ts'
import type { DataTest, RunnableNode } from '../manifest/nodes.ts'

/** The columns that identify a row: `unique_key`, a test of a unique combination, or the first column tested `unique`. */
export function keyOf(manifest: Manifest, node: RunnableNode): readonly string[] {
  const key = node.config.unique_key
  if (key !== undefined) return typeof key === 'string' ? [key] : key
  const tests = [...manifest.nodes.values()].filter(
    (other): other is DataTest => other.kind === 'test' && other.generic?.attachedTo === node.id,
  )
  const combination = tests.find((test) => test.generic?.name === 'unique_combination_of_columns')
  const columns = combination?.generic?.kwargs.combination_of_columns
  if (Array.isArray(columns)) return columns.map(String)
  const unique = tests.find((test) => test.generic?.name === 'unique')
  return unique?.generic?.columnName ? [unique.generic.columnName] : []
}
