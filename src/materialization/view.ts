import { sql } from '../sql/statement.ts'
import type { Materialization, PublishInput } from './materialization.ts'
import { comments, mainStatement, makeRoom } from './statements.ts'
import { describeForComments } from './table.ts'

/** A view. What is published is made from published names: a renamed candidate would go on reading candidates. */
export const view: Materialization = {
  name: 'view',
  build(input) {
    const { compiled, dialect, candidate } = input
    return {
      candidateKind: 'view',
      mode: 'replace',
      makes: [{ relation: candidate, kind: 'view' }],
      statements: [mainStatement(input, dialect.createView(candidate, compiled.sql))],
      ...describeForComments(input),
    }
  },
  publish: (input) => [
    ...(input.existing?.kind === 'table' ? makeRoom(input) : []),
    sql(publishedView(input)),
    ...comments(input, 'view'),
  ],
}

function publishedView({ dialect, target, compiled }: PublishInput): string {
  return dialect.createView(target, compiled.publishedSql)
}
