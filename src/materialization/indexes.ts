import { createHash } from 'node:crypto'
import type { ColumnInfo, ExistingIndex } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { Model, Seed, Snapshot } from '../manifest/nodes.ts'
import { fitIdentifier } from '../sql/candidate-name.ts'
import type { Dialect, IndexDefinition } from '../sql/dialect.ts'
import { physicalIdentifier, type Relation } from '../sql/relation.ts'
import { type Statement, sql } from '../sql/statement.ts'
import { findColumn, isName, unquoted } from './find-column.ts'

interface Asked {
  readonly compiled: Pick<CompiledNode<Model | Seed | Snapshot>, 'node'>
  readonly dialect: Dialect
  /** The columns of what is indexed; absent where nobody has read them. */
  readonly columns?: readonly Pick<ColumnInfo, 'name'>[]
}

interface Indexed extends Asked {
  /** What the indexes are made on. */
  readonly relation: Relation
  /** Something that no other run has: the indexes of a version that is kept go on having their names. */
  readonly salt: string
}

/** Throws `UserError` for a column of an index that is not there. */
export function checkIndexes(asked: Asked): void {
  configuredIndexes(asked)
}

/**
 * Makes the indexes that the config asks for. Where the engine renames a table with its indexes they are made on the
 * candidate, before the publishing transaction; elsewhere on the table under its published name. `when` says where the
 * caller stands, and the other engines get nothing. Throws `UserError` for a column that is not there.
 */
export function createIndexes(
  input: Indexed & { readonly when: 'before-rename' | 'after-rename' },
): readonly Statement[] {
  const configured = configuredIndexes(input)
  return input.dialect.canRenameIndexed === (input.when === 'before-rename') ? create(input, configured) : []
}

/** What has to be done to the indexes of a relation that stays. Both lists are empty when nothing has to. */
export interface IndexChanges {
  /** First: rows that are about to come may break an index that is no longer asked for. */
  readonly drops: readonly Statement[]
  readonly creates: readonly Statement[]
  /** Those that stay. */
  readonly kept: readonly ExistingIndex[]
  /** `missing: on customer`, for messages. */
  readonly description: string
}

/**
 * Compares the indexes that the config asks for with those that stand. Indexes that somebody else has made stay: only
 * Lavra's own go when the config does not have them any more.
 */
export function indexChanges(input: Indexed, standing: readonly ExistingIndex[]): IndexChanges {
  const { dialect, relation } = input
  const configured = configuredIndexes(input)
  const wanted = new Set(configured.map(keyOf))
  const standingKeys = new Set(standing.flatMap(({ name }) => keyOfName(name) ?? []))
  const superfluous = standing.filter(({ name }) => {
    const key = keyOfName(name)
    return key !== undefined && !wanted.has(key)
  })
  const missing = configured.filter((index) => !standingKeys.has(keyOf(index)))
  const described = [
    ...missing.map(({ columns }) => `new: on ${columns.join(', ')}`),
    ...superfluous.map(({ name }) => `gone: ${name}`),
  ]
  return {
    drops: superfluous.map(({ name }) => sql(dialect.dropIndex(relation, name))),
    creates: create(input, missing),
    kept: standing.filter((index) => !superfluous.includes(index)),
    description: described.join('; '),
  }
}

type Configured = Omit<IndexDefinition, 'name'>

function create(input: Indexed, indexes: readonly Configured[]): readonly Statement[] {
  const { dialect, relation, compiled } = input
  const place = compiled.node.configPlaces.get('indexes')
  return indexes.map((index) => ({
    ...sql(dialect.createIndex(relation, { ...index, name: nameOf(input, index) })),
    ...(place ? { place } : {}),
  }))
}

/** Each once, its columns as SQL. */
function configuredIndexes(input: Asked): readonly Configured[] {
  const configured = (input.compiled.node.config.indexes ?? []).map(({ columns, unique = false, type }) => ({
    columns: columns.map((column) => columnSql(input, column)),
    unique,
    ...(type === undefined ? {} : { type }),
  }))
  return [...new Map(configured.map((index) => [keyOf(index), index])).values()]
}

/** A name means a column, whatever its case; anything else is an expression and stands as it was written. */
function columnSql({ compiled, dialect, columns }: Asked, written: string): string {
  if (!columns) return isName(written) ? dialect.quote(storedName(dialect, written)) : written
  const found = findColumn(columns, unquoted(written))
  if (found) return dialect.quote(found.name)
  if (isName(written)) throw new UserError(unknownColumn(compiled.node, written, columns))
  return written
}

function storedName(dialect: Dialect, written: string): string {
  return written.startsWith('"') ? unquoted(written) : dialect.foldCase(written)
}

function unknownColumn(node: Model | Seed | Snapshot, column: string, columns: NonNullable<Asked['columns']>) {
  const names = columns.map(({ name }) => name)
  return problem(
    'index-unknown-column',
    `The column "${unquoted(column)}" of an index is no column of "${node.name}".`,
    {
      place: node.configPlaces.get('indexes') ?? node.place,
      subject: `${node.kind} ${node.name}`,
      hint: didYouMean(unquoted(column), names) ?? `its columns are ${names.join(', ')}`,
    },
  )
}

/** Ends the name of every index that Lavra makes: what it is, and the relation and the run that it was made for. */
const NAME = /_lavra_([0-9a-f]{8})_[0-9a-f]{8}_idx$/

function nameOf({ relation, dialect, salt }: Indexed, index: Configured): string {
  const suffix = `_lavra_${keyOf(index)}_${hash(`${physicalIdentifier(relation)} ${salt}`)}_idx`
  return fitIdentifier(relation.identifier, dialect.maxIdentifierBytes - suffix.length) + suffix
}

function keyOfName(name: string): string | undefined {
  return NAME.exec(name)?.[1]
}

/** Equal for indexes that are the same but for their name. */
function keyOf({ columns, unique, type }: Configured): string {
  return hash(JSON.stringify([columns, unique, type ?? null]))
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
