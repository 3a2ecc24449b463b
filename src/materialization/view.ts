import { sql } from '../sql/statement.ts'
import type { Materialization, PublishInput, PublishSteps } from './materialization.ts'
import { comments, mainStatement, makeRoom } from './statements.ts'
import { describeForComments } from './table.ts'

/** A view. What is published is made from published names: a renamed candidate would go on reading candidates. */
export const view: Materialization = {
  name: 'view',
  build(input) {
    const { compiled, dialect, candidate } = input
    return {
      candidateKind: 'view',
      becomes: 'view',
      mode: 'replace',
      makes: [{ relation: candidate, kind: 'view' }],
      statements: [mainStatement(input, dialect.createView(candidate, compiled.sql))],
      ...describeForComments(input),
    }
  },
  publish: (input) => {
    const { dialect, target, compiled } = input
    const staysView =
      input.existing?.kind === 'view' && dialect.canReplaceView(input.publishedColumns, input.candidateColumns)
    const create = [sql(dialect.createView(target, compiled.publishedSql)), ...comments(input, 'view')]
    const privileges = input.privileges.map(sql)
    return {
      data: [],
      swap: staysView ? create : [...makeRoom(input), ...create, ...privileges],
      // A view that could have been replaced lost its privileges when it went aside.
      anew: [...create, ...privileges],
      effect: effectOf(input, staysView),
    }
  },
}

function effectOf({ existing }: PublishInput, staysView: boolean): PublishSteps['effect'] {
  if (existing === undefined) return 'rows'
  return staysView ? 'extends' : 'replaces'
}
