import { invariant } from '../diagnostics/errors.ts'
import { sql } from '../sql/statement.ts'
import type { Materialization } from './materialization.ts'
import { publishTable, tableOptions } from './statements.ts'
import { finishTable } from './table.ts'

/** A CSV file as a table. Always replaced whole, so that a changed header or type needs no full refresh. */
export const seed: Materialization = {
  name: 'seed',
  build(input) {
    const { compiled, dialect, candidate } = input
    const { node } = compiled
    invariant(node.kind === 'seed' && input.seed, 'a seed is built from what its file holds')
    return {
      candidateKind: 'table',
      becomes: 'table',
      mode: 'replace',
      makes: [{ relation: candidate, kind: 'table' }],
      statements: [
        sql(dialect.createTable(candidate, input.seed.columns, tableOptions(node))),
        {
          kind: 'load',
          relation: candidate,
          path: node.csvPath,
          columns: input.seed.columns,
          delimiter: node.config.delimiter ?? ',',
          ...(input.seed.isPlain === undefined ? {} : { isPlain: input.seed.isPlain }),
        },
      ],
      counts: candidate,
      ...finishTable(input),
    }
  },
  publish: (input) => publishTable(input, input.candidate),
}
