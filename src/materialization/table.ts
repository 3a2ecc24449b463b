import type { ColumnInfo } from '../adapters/adapter.ts'
import { physicalIdentifier } from '../sql/relation.ts'
import type { Statement } from '../sql/statement.ts'
import { createIndexes } from './indexes.ts'
import type { Build, BuildInput, Materialization } from './materialization.ts'
import { createTableFrom, publishTable, tableOptions } from './statements.ts'

/** A table, built anew by every run. */
export const table: Materialization = {
  name: 'table',
  build: buildTable,
  publish: (input) => publishTable(input, input.candidate),
}

/** Builds the whole table as candidate; also the first run of what is merged later. */
export function buildTable(input: BuildInput): Build {
  const { compiled, candidate } = input
  return {
    candidateKind: 'table',
    becomes: 'table',
    mode: 'replace',
    makes: [{ relation: candidate, kind: 'table' }],
    statements: createTableFrom(input, candidate, tableOptions(compiled.node)),
    counts: candidate,
    ...finishTable(input),
  }
}

/** Makes the indexes of a candidate that is filled by now. Its columns are read only where that or their descriptions need them. */
export function finishTable(input: BuildInput): Pick<Build, 'finish'> {
  const { compiled, candidate } = input
  if (!compiled.node.config.indexes?.length) return describeForComments(input)
  return {
    finish: {
      describe: candidate,
      complete: (columns) => ({ statements: indexesBeforeRename(input, columns), checks: [] }),
    },
  }
}

export function indexesBeforeRename(input: BuildInput, columns: readonly ColumnInfo[]): readonly Statement[] {
  const { compiled, dialect, candidate } = input
  const salt = physicalIdentifier(candidate)
  return createIndexes({ compiled, dialect, relation: candidate, salt, columns, when: 'before-rename' })
}

/** The columns of the candidate are read only where their descriptions are written. */
export function describeForComments(input: BuildInput): Pick<Build, 'finish'> {
  if (!input.compiled.node.config.persist_docs.columns) return {}
  return { finish: { describe: input.candidate, complete: () => ({ statements: [], checks: [] }) } }
}
