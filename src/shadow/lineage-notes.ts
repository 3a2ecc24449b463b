import type { ColumnInfo, Connection } from '../adapters/adapter.ts'
import type { QueryLineage } from '../sql/query-lineage.ts'
import type { UniqueId } from '../text/unique-id.ts'

export type Lineages = ReadonlyMap<UniqueId, QueryLineage | undefined>

/** Asks where the columns of queries come from while a project is bound. */
export interface LineageNotes {
  /** Takes a query whose columns are known. When this resolves, the connection that binds may be used again. */
  ask(id: UniqueId, sql: string, columns: readonly ColumnInfo[]): Promise<void>
  /** What was answered, once all is answered. Fails as asking failed. */
  answers(): Promise<Lineages>
}

/** Asks on the connection that binds, where nobody else sees its relations: one after the other. */
export function askedInTurn(connection: Connection): LineageNotes {
  const answers = new Map<UniqueId, QueryLineage | undefined>()
  return {
    async ask(id, sql, columns) {
      answers.set(id, await connection.lineageOf(sql, columns))
    },
    answers: async () => answers,
  }
}

/** Asks on a connection of its own, while the binding goes on. */
export function askedBeside(connection: Connection): LineageNotes {
  const answers = new Map<UniqueId, QueryLineage | undefined>()
  let last: Promise<void> = Promise.resolve()
  return {
    async ask(id, sql, columns) {
      last = last.then(async () => {
        answers.set(id, await connection.lineageOf(sql, columns))
      })
      // Told when the answers are wanted.
      last.catch(() => {})
    },
    async answers() {
      await last
      return answers
    },
  }
}
