import { type Connection, DatabaseError } from '../adapters/adapter.ts'
import { scanSql } from '../compile/sql-scan.ts'

const ENDS = /^(?:begin|start|commit|end|rollback|abort|savepoint|release)$/i

/**
 * The connection for what users run inside the publishing transaction: it refuses statements that would begin or end a
 * transaction, because what follows would be published by itself. They fail with a `DatabaseError` of code `transaction`.
 */
export function guardedConnection(connection: Connection): Connection {
  return new Proxy(connection, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (name !== 'execute' && name !== 'query') return member.bind(target)
      return async (sql: string) => {
        refuseTransactions(sql)
        return member.call(target, sql)
      }
    },
  })
}

function refuseTransactions(sql: string): void {
  let startsStatement = true
  for (const { kind, start, end } of scanSql(sql)) {
    if (kind === 'space' || kind === 'comment') continue
    const text = sql.slice(start, end)
    if (startsStatement && kind === 'word' && ENDS.test(text)) throw endsTransaction(text, start)
    startsStatement = text === ';'
  }
}

function endsTransaction(word: string, position: number): DatabaseError {
  return new DatabaseError({
    message: `"${word}" is not possible here: this runs inside the transaction that publishes the run`,
    code: 'transaction',
    title: 'Transaction Error',
    position,
  })
}
