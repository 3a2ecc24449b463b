import { createHash } from 'node:crypto'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { Model, Seed, Snapshot } from '../manifest/nodes.ts'
import { fitIdentifier } from '../sql/candidate-name.ts'
import type { Dialect, IndexDefinition } from '../sql/dialect.ts'
import { physicalIdentifier, type Relation } from '../sql/relation.ts'
import { type Statement, sql } from '../sql/statement.ts'

interface Indexed {
  readonly compiled: Pick<CompiledNode<Model | Seed | Snapshot>, 'node'>
  readonly dialect: Dialect
  readonly relation: Relation
}

/**
 * Makes the indexes that the config asks for. Where the engine renames a table with its indexes they are made on the
 * candidate, before the publishing transaction; elsewhere on the table under its published name. `when` says where the
 * caller stands, and the other engines get nothing.
 */
export function createIndexes(
  input: Indexed & { readonly when: 'before-rename' | 'after-rename' },
): readonly Statement[] {
  const { dialect, relation, when } = input
  if (dialect.canRenameIndexed !== (when === 'before-rename')) return []
  return indexesOf(input).map((index) => sql(dialect.createIndex(relation, index)))
}

/** Named after the relation that they are made on, so that a candidate's never meet the published table's. */
function indexesOf({ compiled, dialect, relation }: Indexed): readonly IndexDefinition[] {
  return (compiled.node.config.indexes ?? []).map(({ columns, unique = false, type }) => {
    const identifier = physicalIdentifier(relation)
    const hash = createHash('sha256')
      .update(JSON.stringify([identifier, columns, unique, type]))
      .digest('hex')
      .slice(0, 8)
    const suffix = `_${hash}_idx`
    const name = fitIdentifier(identifier, dialect.maxIdentifierBytes - suffix.length) + suffix
    return { name, columns, unique, ...(type === undefined ? {} : { type }) }
  })
}
