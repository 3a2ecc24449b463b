import type { Dialect } from '../../sql/dialect.ts'
import type { Relation, RelationKind } from '../../sql/relation.ts'
import { type CallSite, HostObject, hostFunction, str, TemplateError, Tuple, truthy } from '../../template/index.ts'
import type { TemplateDatabase } from '../database.ts'
import { readArguments } from '../objects/arguments.ts'
import { ColumnClass, ColumnObject } from '../objects/column-object.ts'
import { NamesObject } from '../objects/names-object.ts'
import { RelationClass, RelationObject } from '../objects/relation-object.ts'
import { askedAt } from '../problems.ts'
import type { MacroNames } from './macros.ts'
import type { Queries } from './queries.ts'

export interface AdapterDetails {
  readonly dialect: Dialect
  /** The database of relations that name none. */
  readonly databaseName: string
  readonly macros: MacroNames
  readonly queries: Queries
  /** Absent at parse time: what asks the database finds nothing, what changes it does nothing. */
  readonly database?: TemplateDatabase | undefined
  /** The relation as this run has it: with `physical` where it is a candidate. */
  readonly current?: ((relation: Relation) => Relation) | undefined
}

/** A function that needs no database. Arguments come in the order of `parameters`. */
interface PlainFunction {
  readonly parameters: readonly string[]
  readonly run: (adapter: AdapterObject, values: readonly unknown[]) => unknown
}

/** A function that asks the database; where there is none, it gives `otherwise`, at once. */
interface AskingFunction {
  readonly parameters: readonly string[]
  readonly otherwise: () => unknown
  readonly ask: (adapter: AdapterObject, database: TemplateDatabase, values: readonly unknown[]) => Promise<unknown>
}

/** `adapter`: what templates ask of the database, and the little they may do to it. */
export class AdapterObject extends HostObject {
  readonly typeName = 'adapter'
  readonly details: AdapterDetails

  constructor(details: AdapterDetails) {
    super()
    this.details = details
  }

  get dialect(): Dialect {
    return this.details.dialect
  }

  override attr(name: string): unknown {
    if (name === 'dispatch') return this.details.macros.dispatchFunction()
    if (name === 'Relation') return new RelationClass(this.dialect)
    if (name === 'Column') return new ColumnClass(this.dialect)
    if (name === 'behavior') return new NamesObject('behavior', {})
    const plain = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined
    if (plain) {
      return hostFunction(name, (args, kwargs) => plain.run(this, readArguments(name, plain.parameters, args, kwargs)))
    }
    const asking = Object.hasOwn(ASKING, name) ? ASKING[name] : undefined
    if (!asking) return undefined
    return hostFunction(name, (args, kwargs, call) => {
      return this.ask(asking, readArguments(name, asking.parameters, args, kwargs), call)
    })
  }

  override names(): Iterable<string> {
    return ['dispatch', 'Relation', 'Column', ...Object.keys(PLAIN), ...Object.keys(ASKING)]
  }

  relation(relation: Relation, type?: RelationKind): RelationObject {
    return new RelationObject({ relation, dialect: this.dialect, type })
  }

  /** A relation by its names, as this run has it. */
  named(database: unknown, schema: unknown, identifier: unknown): Relation {
    const relation = {
      database: isGiven(database) ? str(database) : this.details.databaseName,
      schema: str(schema),
      identifier: str(identifier),
    }
    return this.details.current?.(relation) ?? relation
  }

  async columnsOf(database: TemplateDatabase, relation: Relation): Promise<ColumnObject[]> {
    const columns = await database.columnsOf(relation)
    return columns.map((column) => new ColumnObject(column, this.dialect))
  }

  async find(database: TemplateDatabase, relation: Relation): Promise<RelationObject | null> {
    const kind = await database.kindOf(relation)
    return kind === undefined ? null : this.relation(relation, kind)
  }

  async list(database: TemplateDatabase, schema: string): Promise<RelationObject[]> {
    const found = await database.listRelations(schema)
    return found.map(({ identifier, kind }) => this.relation(this.named(undefined, schema, identifier), kind))
  }

  private ask(asking: AskingFunction, values: readonly unknown[], call: CallSite): unknown {
    const { database } = this.details
    return database ? askedAt(call, asking.ask(this, database, values)) : asking.otherwise()
  }
}

const NOTHING: PlainFunction = { parameters: ['a', 'b', 'c', 'd'], run: () => '' }

const PLAIN: Readonly<Record<string, PlainFunction>> = {
  type: { parameters: [], run: (adapter) => adapter.dialect.name },
  quote: { parameters: ['identifier'], run: (adapter, [name]) => adapter.dialect.quote(str(name)) },
  quote_as_configured: {
    parameters: ['identifier', 'quote_key'],
    run: (adapter, [name]) => adapter.dialect.quote(str(name)),
  },
  quote_seed_column: {
    parameters: ['column', 'quote_config'],
    run: (adapter, [name, isQuoted]) => (truthy(isQuoted ?? true) ? adapter.dialect.quote(str(name)) : str(name)),
  },
  // dbt keeps a cache of relations and adapts types; here there is nothing to keep.
  cache_added: NOTHING,
  cache_dropped: NOTHING,
  cache_renamed: NOTHING,
  commit: NOTHING,
  expand_target_column_types: NOTHING,
  verify_database: NOTHING,
  valid_snapshot_target: NOTHING,
}

const ASKING: Readonly<Record<string, AskingFunction>> = {
  get_relation: {
    parameters: ['database', 'schema', 'identifier'],
    otherwise: () => null,
    ask: (adapter, database, [name, schema, identifier]) => {
      return adapter.find(database, adapter.named(name, schema, identifier))
    },
  },
  already_exists: {
    parameters: ['schema', 'name'],
    otherwise: () => false,
    ask: async (adapter, database, [schema, name]) => {
      return (await adapter.find(database, adapter.named(undefined, schema, name))) !== null
    },
  },
  list_relations: {
    parameters: ['database', 'schema'],
    otherwise: () => [],
    ask: (adapter, database, [, schema]) => adapter.list(database, str(schema)),
  },
  list_relations_without_caching: {
    parameters: ['schema_relation'],
    otherwise: () => [],
    ask: (adapter, database, [relation]) => adapter.list(database, relationOf(relation).schema),
  },
  check_schema_exists: {
    parameters: ['database', 'schema'],
    otherwise: () => true,
    ask: async (adapter, database, [first, second]) => {
      const schema = adapter.dialect.stringLiteral(str(isGiven(second) ? second : first).toLowerCase())
      const found = await database.query(
        `select 1 from information_schema.schemata where lower(schema_name) = ${schema} limit 1`,
      )
      return found.rows.length > 0
    },
  },
  get_columns_in_relation: {
    parameters: ['relation'],
    otherwise: () => [],
    ask: (adapter, database, [relation]) => adapter.columnsOf(database, relationOf(relation)),
  },
  get_missing_columns: {
    parameters: ['from_relation', 'to_relation'],
    otherwise: () => [],
    ask: (adapter, database, [from, to]) =>
      missingColumns(adapter, database, { from: relationOf(from), to: relationOf(to) }),
  },
  get_column_schema_from_query: {
    parameters: ['sql'],
    otherwise: () => [],
    ask: async (adapter, database, [sql]) => {
      const { columns } = await database.query(`select * from (\n${str(sql)}\n) described limit 0`)
      return columns.map((column) => new ColumnObject(column, adapter.dialect))
    },
  },
  execute: {
    parameters: ['sql', 'auto_begin', 'fetch', 'limit'],
    otherwise: () => Tuple.of('', null),
    ask: async (adapter, database, [sql]) => {
      const { response, table } = await adapter.details.queries.execute(database, str(sql))
      return Tuple.of(response, table)
    },
  },
  validate_sql: {
    parameters: ['sql'],
    otherwise: () => '',
    ask: (_, database, [sql]) => change(database, `explain ${str(sql)}`),
  },
  add_query: {
    parameters: ['sql', 'auto_begin', 'bindings', 'abridge_sql_log'],
    otherwise: () => '',
    ask: (_, database, [sql]) => change(database, str(sql)),
  },
  create_schema: {
    parameters: ['relation'],
    otherwise: () => '',
    ask: (adapter, database, [relation]) => change(database, adapter.dialect.createSchema(relationOf(relation))),
  },
  drop_schema: {
    parameters: ['relation'],
    otherwise: () => '',
    ask: (adapter, database, [relation]) => change(database, adapter.dialect.dropSchema(relationOf(relation))),
  },
  list_schemas: {
    parameters: ['database'],
    otherwise: () => [],
    ask: async (_, database) => {
      const { rows } = await database.query('select distinct schema_name from information_schema.schemata order by 1')
      return rows.map(([name]) => String(name))
    },
  },
  truncate_relation: {
    parameters: ['relation'],
    otherwise: () => '',
    ask: (_, database, [relation]) => change(database, `delete from ${str(relation)}`),
  },
  drop_relation: {
    parameters: ['relation'],
    otherwise: () => '',
    ask: async (adapter, database, [value]) => {
      if (!isGiven(value)) return ''
      const relation = relationOf(value)
      const kind = await database.kindOf(relation)
      return kind === undefined ? '' : change(database, adapter.dialect.drop(relation, kind))
    },
  },
  rename_relation: {
    parameters: ['from_relation', 'to_relation'],
    otherwise: () => '',
    ask: async (adapter, database, [from, to]) => {
      const relation = relationOf(from)
      const kind = (await database.kindOf(relation)) ?? 'table'
      return change(database, adapter.dialect.rename(relation, kind, relationOf(to).identifier))
    },
  },
}

async function missingColumns(
  adapter: AdapterObject,
  database: TemplateDatabase,
  relations: { readonly from: Relation; readonly to: Relation },
): Promise<ColumnObject[]> {
  const existing = new Set((await database.columnsOf(relations.to)).map((column) => column.name.toLowerCase()))
  const columns = await adapter.columnsOf(database, relations.from)
  return columns.filter((column) => !existing.has(column.name.toLowerCase()))
}

/** Runs a statement; gives empty text. */
async function change(database: TemplateDatabase, statement: string): Promise<string> {
  await database.query(statement)
  return ''
}

function relationOf(value: unknown): Relation {
  if (value instanceof RelationObject) return value.relation
  throw new TemplateError('A relation is needed here: what ref(), source(), this or api.Relation.create() give.', {
    type: 'TypeError',
  })
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** `api`: the classes of relations and columns. */
export function apiObject(dialect: Dialect): NamesObject {
  return new NamesObject('api', { Relation: new RelationClass(dialect), Column: new ColumnClass(dialect) })
}
