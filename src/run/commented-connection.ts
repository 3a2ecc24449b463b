import { type Connection, DatabaseError } from '../adapters/adapter.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import type { RunEnvironment } from './environment.ts'

/**
 * The connection for what is sent in the name of a node: every statement bears the project's `query-comment`. Errors point
 * into the statement without it. Where the project asks for none, the connection itself.
 */
export async function commentedConnection(
  environment: RunEnvironment,
  connection: Connection,
  node: RunnableNode,
): Promise<Connection> {
  const { queryComment } = environment.project
  if (!queryComment) return connection
  const text = (await environment.compiler.comment(node)).trim()
  if (text === '') return connection
  if (text.includes('*/')) {
    throw new UserError(
      problem('query-comment', 'A query-comment cannot hold "*/", which would end it.', { place: queryComment.place }),
    )
  }
  const comment = `/* ${text} */`
  return queryComment.append
    ? wrapped(connection, '', (sql) => `${sql.trimEnd().replace(/;$/, '')}\n${comment}`)
    : wrapped(connection, `${comment}\n`, (sql) => `${comment}\n${sql}`)
}

function wrapped(connection: Connection, prefix: string, commented: (sql: string) => string): Connection {
  return new Proxy(connection, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (name !== 'execute' && name !== 'query') return member.bind(target)
      return async (sql: string) => {
        try {
          return await member.call(target, commented(sql))
        } catch (error) {
          throw error instanceof DatabaseError ? withoutPrefix(error, prefix.length) : error
        }
      }
    },
  })
}

function withoutPrefix(error: DatabaseError, length: number): DatabaseError {
  const { message, code, title, position, unknownName, candidates } = error
  if (position === undefined || length === 0) return error
  return new DatabaseError({
    ...{ message, code, title, unknownName, candidates, cause: error },
    position: Math.max(0, position - length),
  })
}
