import type { QueryResult } from '../../sql/value.ts'
import {
  type Arguments,
  type CallSite,
  Dict,
  HostObject,
  hostFunction,
  type KeywordArguments,
  NO_KEYWORDS,
  str,
} from '../../template/index.ts'
import type { TemplateDatabase } from '../database.ts'
import { readArguments } from '../objects/arguments.ts'
import { NamesObject } from '../objects/names-object.ts'
import { ResultTable } from '../objects/result-table.ts'
import { askedAt, failAt } from '../problems.ts'
import type { ProjectContext } from '../project-context.ts'
import type { Names } from './names.ts'

/** `run_query`, `statement` and the results that they leave. Without a database they do nothing and give None. */
export class Queries {
  private readonly project: ProjectContext
  private readonly database: TemplateDatabase | undefined
  /** A result that was loaded is gone, as in dbt: undefined marks that it was there. */
  private readonly results = new Map<string, Dict | undefined>()

  constructor(project: ProjectContext, database: TemplateDatabase | undefined) {
    this.project = project
    this.database = database
  }

  names(): Names {
    return {
      run_query: () => hostFunction('run_query', (args, kwargs, call) => this.runQuery(args, kwargs, call)),
      statement: () => hostFunction('statement', (args, kwargs, call) => this.statement(args, kwargs, call)),
      noop_statement: () => hostFunction('noop_statement', () => ''),
      load_result: () => hostFunction('load_result', (args, _, call) => this.load(str(args[0]), call)),
      store_result: () => hostFunction('store_result', (args, kwargs) => this.storeResult(args, kwargs)),
      store_raw_result: () => hostFunction('store_raw_result', (args, kwargs) => this.storeRawResult(args, kwargs)),
    }
  }

  /** Runs SQL for `adapter.execute`. */
  async execute(
    database: TemplateDatabase,
    sql: string,
  ): Promise<{ readonly response: unknown; readonly table: ResultTable }> {
    const result = await database.query(sql)
    return { response: responseOf(result), table: this.tableOf(result) }
  }

  private runQuery(args: Arguments, kwargs: KeywordArguments, call: CallSite): unknown {
    const [sql] = readArguments('run_query', ['sql'], args, kwargs)
    if (!this.database) return null
    return askedAt(call, this.execute(this.database, str(sql))).then(({ table }) => table)
  }

  /** `{% call statement('name', fetch_result=true) %} … {% endcall %}`: the body is the SQL. */
  private statement(args: Arguments, kwargs: KeywordArguments, call: CallSite): unknown {
    const parameters = ['name', 'fetch_result', 'auto_begin', 'language', 'caller']
    const [name, , , , caller] = readArguments('statement', parameters, args, kwargs)
    const { database } = this
    if (!database || !(caller instanceof HostObject)) return ''
    return this.runStatement(database, { name, caller, call })
  }

  private async runStatement(
    database: TemplateDatabase,
    statement: { readonly name: unknown; readonly caller: HostObject; readonly call: CallSite },
  ): Promise<string> {
    const sql = await statement.caller.call?.([], NO_KEYWORDS, statement.call)
    const { response, table } = await askedAt(statement.call, this.execute(database, str(sql)))
    if (statement.name !== undefined && statement.name !== null) this.store(str(statement.name), response, table)
    return ''
  }

  private load(name: string, call: CallSite): unknown {
    if (!this.results.has(name)) return null
    const result = this.results.get(name)
    if (!result) return failAt(call, 'result-already-loaded', `The result "${name}" was loaded before and is gone.`)
    if (name !== 'main') this.results.set(name, undefined)
    return result
  }

  private storeResult(args: Arguments, kwargs: KeywordArguments): string {
    const [name, response, table] = readArguments('store_result', ['name', 'response', 'agate_table'], args, kwargs)
    this.store(str(name), response ?? null, table)
    return ''
  }

  private storeRawResult(args: Arguments, kwargs: KeywordArguments): string {
    const parameters = ['name', 'message', 'code', 'rows_affected', 'agate_table']
    const [name, message, code, rows, table] = readArguments('store_raw_result', parameters, args, kwargs)
    this.store(str(name), responseObject(message ?? null, code ?? null, rows ?? null), table)
    return ''
  }

  private store(name: string, response: unknown, table: unknown): void {
    const rows = table instanceof ResultTable ? table : this.tableOf({ columns: [], rows: [] })
    const entries = [
      ['response', response],
      ['data', rows.matrix()],
      ['table', rows],
    ] as const
    this.results.set(name, new Dict(entries))
  }

  private tableOf(result: QueryResult): ResultTable {
    return ResultTable.of(result, (message) => this.project.emit({ kind: 'print', message }))
  }
}

function responseOf(result: QueryResult): unknown {
  return responseObject('OK', 'OK', result.rows.length)
}

function responseObject(message: unknown, code: unknown, rowsAffected: unknown): NamesObject {
  return new NamesObject('AdapterResponse', { _message: message, code, rows_affected: rowsAffected })
}
