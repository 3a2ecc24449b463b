import type { Constraint } from './nodes.ts'

/**
 * The parent of a foreign key as a template: `to: ref('customers')` is `{{ ref('customers') }}`, as is the same with its
 * braces. Undefined for what has no such parent.
 */
export function foreignKeyTemplate({ type, to }: Constraint): string | undefined {
  if (type !== 'foreign_key' || to === undefined) return undefined
  const call = to.replace(/^\s*\{\{|\}\}\s*$/g, '').trim()
  return `{{ ${call} }}`
}
