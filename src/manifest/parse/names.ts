import { hash } from 'node:crypto'

/** `silver/stg_orders.sql` → `stg_orders`. */
export function stemOf(below: string): string {
  const name = below.slice(below.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name
}

/** Package, folders below the resource folder, name. */
export function fqnOf(packageName: string, below: string, ...names: readonly string[]): readonly string[] {
  return [packageName, ...below.split('/').slice(0, -1), ...names]
}

/** SHA-256 of a file's text without the space around it: dbt's checksum. A byte order mark is no space, as in Python. */
export function checksumOf(text: string): string {
  const stripped = text.replace(/^[^\S\uFEFF]+|[^\S\uFEFF]+$/g, '')
  return hash('sha256', stripped)
}
