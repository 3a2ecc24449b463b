import type { NodeColumnReference } from './node-lineage.ts'

/** A key that two references to the same column share. */
export function referenceKey({ node, column }: NodeColumnReference): string {
  return JSON.stringify([node, column])
}
