import type { DuckDBInstance } from '@duckdb/node-api'
import { isJsonObject, type JsonObject } from '../../util/json.ts'
import type { SqlParser } from '../sql-parser.ts'
import { stringLiteral } from './literals.ts'
import { IN_MEMORY } from './options.ts'

/** How many queries are parsed by one statement: it saves a trip for each, and the answer stays small. */
const BATCH = 200

/** Parses with a DuckDB in memory of its own, in which there is nothing else. */
export function createSqlParser(): SqlParser {
  return new DuckdbSqlParser()
}

class DuckdbSqlParser implements SqlParser {
  #instance: DuckDBInstance | undefined

  async parse(queries: readonly string[]): Promise<readonly (JsonObject | undefined)[]> {
    const { DuckDBInstance } = await import('@duckdb/node-api')
    this.#instance ??= await DuckDBInstance.create(IN_MEMORY, { threads: '1' })
    const connection = await this.#instance.connect()
    const trees: (JsonObject | undefined)[] = []
    for (let start = 0; start < queries.length; start += BATCH) {
      const rows = queries.slice(start, start + BATCH).map((query, index) => `(${index}, ${stringLiteral(query)})`)
      const reader = await connection.runAndReadAll(
        [
          'select json_serialize_sql(query, skip_null := true, skip_empty := true, skip_default := true)',
          `from (values ${rows.join(', ')}) as queries (number, query)`,
          'order by number',
        ].join('\n'),
      )
      trees.push(...reader.getRows().map(([text]) => treeOf(String(text))))
    }
    connection.disconnectSync()
    return trees
  }

  close(): void {
    this.#instance?.closeSync()
    this.#instance = undefined
  }
}

/** The tree of the one statement in an answer; an answer may say instead what the parser does not take. */
function treeOf(answer: string): JsonObject | undefined {
  const { statements }: { readonly statements?: unknown } = JSON.parse(answer)
  const statement: unknown = Array.isArray(statements) && statements.length === 1 ? statements[0] : undefined
  return isJsonObject(statement) && isJsonObject(statement.node) ? statement.node : undefined
}
