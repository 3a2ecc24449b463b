import type { ColumnChange, SchemaChanges, SourceChange } from '../config/schema-file/compare.ts'
import { describeCount } from './numbers.ts'

/** What `lavra schema pull` did. */
export interface SchemaReport {
  /** How many sources were read. */
  readonly pulled: number
  /** Where from, and by which engine it is kept. */
  readonly location: string
  readonly engine: string
  /** The file that has it, relative to the project. */
  readonly path: string
  readonly changes: SchemaChanges
}

/** The report for people: what is new, gone or different, one a line. */
export function schemaText({ pulled, location, engine, path, changes }: SchemaReport): string {
  const head = `Pulled ${describeCount(pulled, 'source')} of ${location} (${engine}) into ${path}`
  const lines = [
    ...changes.sources.flatMap(sourceLines),
    ...changes.added.map((line) => `  + ${line}`),
    ...changes.removed.map((line) => `  - ${line}`),
  ]
  return lines.length === 0 ? `${head}: nothing has changed\n` : `${head}:\n${lines.join('\n')}\n`
}

function sourceLines({ id, kind, columns }: SourceChange): readonly string[] {
  switch (kind) {
    case 'added':
      return [`  + ${id} (${describeCount(columns.length, 'column')})`]
    case 'removed':
      return [`  - ${id}`]
    case 'changed':
      return [`  ~ ${id}`, ...columns.map((column) => `      ${columnLine(column)}`)]
  }
}

function columnLine(change: ColumnChange): string {
  switch (change.kind) {
    case 'added':
      return `+ ${change.name} ${change.type}`
    case 'removed':
      return `- ${change.name} ${change.type}`
    case 'retyped':
      return `~ ${change.name} ${change.type}, was ${change.was}`
    case 'reordered':
      return '~ the columns come in another order'
  }
}

/** The same for programs. */
export function schemaJson({ pulled, engine, path, changes }: SchemaReport): string {
  return `${JSON.stringify({ file: path, engine, pulled, ...changes }, null, 2)}\n`
}
