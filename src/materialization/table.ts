import { createIndexes } from './indexes.ts'
import type { Build, BuildInput, Materialization } from './materialization.ts'
import { createTableFrom, publishTable } from './statements.ts'

/** A table, built anew by every run. */
export const table: Materialization = {
  name: 'table',
  build: buildTable,
  publish: (input) => publishTable(input, input.candidate),
}

/** Builds the whole table as candidate; also the first run of what is merged later. */
export function buildTable(input: BuildInput): Build {
  const { compiled, dialect, candidate } = input
  return {
    candidateKind: 'table',
    mode: 'replace',
    makes: [{ relation: candidate, kind: 'table' }],
    statements: [
      ...createTableFrom(input, candidate),
      ...createIndexes({ compiled, dialect, relation: candidate, when: 'before-rename' }),
    ],
    counts: candidate,
    ...describeForComments(input),
  }
}

/** The columns of the candidate are read only where their descriptions are written. */
export function describeForComments(input: BuildInput): Pick<Build, 'finish'> {
  if (!input.compiled.node.config.persist_docs.columns) return {}
  return { finish: { describe: input.candidate, complete: () => ({ statements: [], checks: [] }) } }
}
