import type { UniqueId } from '../../text/unique-id.ts'
import type { CommonTable, Expression, FromItem, FromTable, Part, QueryTree, SelectQuery } from './tree.ts'

/** A relation that a query reads, or that a query gives: so much of it as is known. */
export interface KnownRelation {
  /** What messages call it. */
  readonly label: string
  /** Undefined where nobody knows the columns. Names are as the engine keeps them; one without a name is `''`. */
  readonly columns: readonly KnownColumn[] | undefined
  /**
   * The sets of columns that are unique in it, as far as the project says so, in lower case. Undefined where more may be
   * unique than is known: in what was filtered or joined.
   */
  readonly keys: readonly (readonly string[])[] | undefined
  /** The nodes and sources all of whose columns come through by stars, whatever they will be. */
  readonly passes: readonly UniqueId[]
}

export interface KnownColumn {
  readonly name: string
  readonly type: string | undefined
}

/** What stands behind one name of a `from`. */
export interface ScopeRelation {
  /** The name that columns are qualified with, in lower case. */
  readonly alias: string | undefined
  readonly item: FromItem
  readonly relation: KnownRelation
}

/** The names that the expressions of one `select` may use. */
export interface Scope {
  readonly relations: readonly ScopeRelation[]
  /** Columns that a join made one of two, in lower case. */
  readonly merged: ReadonlySet<string>
  /** Names that the select list gives, in lower case. */
  readonly aliases: ReadonlySet<string>
  readonly outer: Scope | undefined
}

/** One `select` of a query, with what its names mean. */
export interface ResolvedSelect {
  readonly select: SelectQuery
  readonly scope: Scope
  /** Whether its rows are the rows of the whole query, perhaps with others above or below. */
  readonly isResult: boolean
}

/** Whoever knows the relations of the project. */
export interface Catalog {
  /** A table by the name that stands in the SQL. */
  table(name: FromTable): KnownRelation | undefined
  /** A relation that is written as a call, by where it stands. */
  call(at: number | undefined): KnownRelation | undefined
  /** An ephemeral model, by the name of its common table expression. */
  ephemeral(name: string): KnownRelation | undefined
}

export interface ResolvedQuery {
  readonly selects: readonly ResolvedSelect[]
  /** Every common table expression with the query that it stands in front of, but those of ephemeral models. */
  readonly commonTables: readonly { readonly table: CommonTable; readonly query: QueryTree }[]
  readonly result: KnownRelation
}

/** Gives the names in a query their meaning, so far as the catalog knows it. Says of nothing more than is certain. */
export function resolveQuery(query: QueryTree, catalog: Catalog): ResolvedQuery {
  const resolver = new Resolver(catalog)
  const result = resolver.query(query, { tables: new Map(), outer: undefined, isResult: true })
  return { selects: resolver.selects, commonTables: resolver.commonTables, result }
}

interface Surroundings {
  /** Common table expressions by name, in lower case. */
  readonly tables: ReadonlyMap<string, KnownRelation>
  readonly outer: Scope | undefined
  readonly isResult: boolean
}

class Resolver {
  readonly #catalog: Catalog
  readonly selects: ResolvedSelect[] = []
  readonly commonTables: { readonly table: CommonTable; readonly query: QueryTree }[] = []

  constructor(catalog: Catalog) {
    this.#catalog = catalog
  }

  query(query: QueryTree, around: Surroundings): KnownRelation {
    const tables = new Map(around.tables)
    const resultTable = around.isResult ? passedThrough(query) : undefined
    for (const table of query.commonTables) {
      const ephemeral = this.#catalog.ephemeral(table.name)
      const isResult = table.name.toLowerCase() === resultTable
      const key = table.name.toLowerCase()
      if (ephemeral) {
        tables.set(key, ephemeral)
        continue
      }
      this.commonTables.push({ table, query })
      tables.set(key, unknownRelation(table.name))
      const given = this.query(table.query, { tables, outer: around.outer, isResult })
      tables.set(key, { ...renamed(given, table.columnNames), label: table.name })
    }
    const isResult = around.isResult && resultTable === undefined
    return this.#body(query, { tables, outer: around.outer, isResult })
  }

  #body(query: QueryTree, around: Surroundings): KnownRelation {
    switch (query.kind) {
      case 'select':
        return this.#select(query, around)
      case 'set':
        return union(this.query(query.left, around), this.query(query.right, around))
      case 'other':
        return unknownRelation('')
    }
  }

  #select(select: SelectQuery, around: Surroundings): KnownRelation {
    const aliases = new Set(select.items.flatMap(({ alias }) => alias?.toLowerCase() ?? []))
    const relations: ScopeRelation[] = []
    const merged = new Set<string>()
    const scope: Scope = { relations, merged, aliases, outer: around.outer }
    this.#from(select.from, { ...around, isResult: false }, scope, relations, merged)
    this.selects.push({ select, scope, isResult: around.isResult })
    const inside = { tables: around.tables, outer: scope, isResult: false }
    for (const part of partsOf(select)) this.#queriesIn(part, inside)
    return outputOf(select, scope)
  }

  #from(item: FromItem, around: Surroundings, scope: Scope, relations: ScopeRelation[], merged: Set<string>): void {
    if (item.kind === 'join') {
      this.#from(item.left, around, scope, relations, merged)
      this.#from(item.right, around, scope, relations, merged)
      for (const name of item.using) merged.add(name.toLowerCase())
      if (item.condition) this.#queriesIn(item.condition, { ...around, outer: scope })
      return
    }
    if (item.kind === 'empty') return
    const found = this.#relation(item, around, scope)
    const alias = item.alias ?? (item.kind === 'table' ? item.name : undefined)
    relations.push({ alias: alias?.toLowerCase(), item, relation: renamed(found, item.columnNames) })
  }

  #relation(item: Exclude<FromItem, { kind: 'join' | 'empty' }>, around: Surroundings, scope: Scope): KnownRelation {
    if (item.kind === 'table') {
      const own = item.schema === undefined ? around.tables.get(item.name.toLowerCase()) : undefined
      return own ?? this.#catalog.table(item) ?? unknownRelation(item.name)
    }
    // What stands beside it may be named inside of it, where it is lateral.
    const inside = { tables: around.tables, outer: { ...scope, relations: [...scope.relations] }, isResult: false }
    if (item.kind === 'subquery') return this.query(item.query, inside)
    if ('parts' in item) for (const part of item.parts) this.#queriesIn(part, inside)
    return this.#catalog.call(item.at) ?? unknownRelation(item.alias ?? '')
  }

  #queriesIn(part: Part, around: Surroundings): void {
    if (part.kind === 'query') this.query(part.query, around)
    else for (const inner of part.parts) this.#queriesIn(inner, around)
  }
}

/** The relation that a name of an expression stands in; undefined where that is not certain. */
export function relationOf(names: readonly string[], scope: Scope): ScopeRelation | undefined {
  return lookUp(names, scope)?.relation
}

/** The type of an expression, where it is certain: of a column, a constant or a cast. */
export function typeOf(expression: Expression, scope: Scope): string | undefined {
  switch (expression.kind) {
    case 'column':
      return lookUp(expression.names, scope)?.column.type
    case 'constant':
    case 'cast':
      return expression.type
    default:
      return undefined
  }
}

function lookUp(
  names: readonly string[],
  scope: Scope,
): { readonly relation: ScopeRelation; readonly column: KnownColumn } | undefined {
  const [first = '', second, third] = names.map((name) => name.toLowerCase())
  if (third !== undefined) return undefined
  const isQualified = second !== undefined
  const asked = isQualified ? scope.relations.filter(({ alias }) => alias === first) : scope.relations
  const name = second ?? first
  const found = asked.flatMap((relation) => {
    const columns = relation.relation.columns?.filter((column) => column.name.toLowerCase() === name) ?? []
    return columns.map((column) => ({ relation, column }))
  })
  if (found.length === 1) return found[0]
  if (found.length > 1) return !isQualified && scope.merged.has(name) ? found[0] : undefined
  const mayHaveIt = isQualified ? asked.length > 0 : asked.some(isOpen) || scope.aliases.has(name)
  return mayHaveIt || !scope.outer ? undefined : lookUp(names, scope.outer)
}

/** Whether it may have columns that nobody here knows the names of. */
function isOpen({ relation: { columns } }: ScopeRelation): boolean {
  return columns === undefined || columns.some(({ name }) => name === '')
}

/** The name of the common table expression that a query only passes on: `select * from final`. */
function passedThrough(query: QueryTree): string | undefined {
  if (query.kind !== 'select' || query.isCut || query.where || query.qualify || query.grouping !== 'none')
    return undefined
  const [item, ...others] = query.items
  if (item?.kind !== 'star' || !item.isWhole || others.length > 0) return undefined
  const { from } = query
  if (from.kind !== 'table' || from.schema !== undefined) return undefined
  const name = from.name.toLowerCase()
  return query.commonTables.some((table) => table.name.toLowerCase() === name) ? name : undefined
}

/** Every expression of a `select` but those of its joins. */
export function partsOf({ items, where, groupBy, having, qualify }: SelectQuery): readonly Expression[] {
  return [...items, ...groupBy, ...[where, having, qualify].flatMap((part) => part ?? [])]
}

function outputOf(select: SelectQuery, scope: Scope): KnownRelation {
  const columns = select.items.map((item) => columnsOf(item, scope))
  const passes = select.items.flatMap((item) => starred(item, scope).flatMap(({ relation }) => relation.passes))
  return {
    label: '',
    columns: columns.includes(undefined) ? undefined : columns.flatMap((each) => each ?? []),
    keys: keysOf(select, scope),
    passes: [...new Set(passes)],
  }
}

/** The relations whose columns a star stands for. */
export function starred(item: Expression, scope: Scope): readonly ScopeRelation[] {
  if (item.kind !== 'star' || !item.isOpen) return []
  const name = item.relation?.toLowerCase()
  return name === undefined ? scope.relations : scope.relations.filter(({ alias }) => alias === name)
}

function columnsOf(item: Expression, scope: Scope): readonly KnownColumn[] | undefined {
  if (item.kind !== 'star') return [{ name: nameOf(item), type: typeOf(item, scope) }]
  const relations = starred(item, scope)
  if (!item.isWhole || relations.length === 0) return undefined
  const seen = new Set<string>()
  const columns: KnownColumn[] = []
  for (const { relation } of relations) {
    if (!relation.columns) return undefined
    for (const column of relation.columns) {
      const name = column.name.toLowerCase()
      if (scope.merged.has(name) && seen.has(name)) continue
      seen.add(name)
      columns.push(column)
    }
  }
  return columns
}

function nameOf(item: Expression): string {
  return item.alias ?? (item.kind === 'column' ? item.names.at(-1)! : '')
}

/** What is unique in the rows of a `select`: of a plain one what is unique in what it reads, of a grouped one the groups. */
function keysOf(select: SelectQuery, scope: Scope): readonly (readonly string[])[] | undefined {
  const [only, ...others] = scope.relations
  if (select.isCut || select.where || select.qualify || select.having) return undefined
  if (select.grouping === 'plain') {
    const names = select.groupBy.map((each) => groupName(each, select))
    return names.some((name) => name === undefined) ? undefined : [names.flatMap((name) => name ?? [])]
  }
  if (select.grouping !== 'none' || !only || others.length > 0) return undefined
  const kept = only.relation.keys?.flatMap((key) => {
    const names = key.map((column) => outputName(column, select))
    return names.includes(undefined) ? [] : [names.flatMap((name) => name ?? [])]
  })
  return kept && kept.length > 0 ? kept : undefined
}

/** The name under which a column of the one relation that is read comes out. */
function outputName(column: string, select: SelectQuery): string | undefined {
  const item = select.items.find((each) => each.kind === 'column' && each.names.at(-1)?.toLowerCase() === column)
  if (item) return nameOf(item).toLowerCase()
  return select.items.some((each) => each.kind === 'star' && each.isWhole) ? column : undefined
}

/** The name under which a group key comes out. */
function groupName(key: Expression, select: SelectQuery): string | undefined {
  const item = groupItem(key, select)
  return item && nameOf(item) !== '' ? nameOf(item).toLowerCase() : undefined
}

/** The item of the select list that a group key means: by number, by the name it is given, or as the same column. */
function groupItem(key: Expression, { items }: SelectQuery): Expression | undefined {
  if (key.kind === 'constant' && typeof key.value === 'number') return items[key.value - 1]
  if (key.kind !== 'column') return undefined
  const named =
    key.names.length === 1 ? items.find((item) => item.alias?.toLowerCase() === key.names[0]!.toLowerCase()) : undefined
  return named ?? items.find((item) => item.kind === 'column' && isSameName(item.names, key.names))
}

function isSameName(a: readonly string[], b: readonly string[]): boolean {
  return a.join('.').toLowerCase() === b.join('.').toLowerCase()
}

function union(left: KnownRelation, right: KnownRelation): KnownRelation {
  const columns = left.columns?.map(({ name, type }, index) => ({
    name,
    type: type === right.columns?.[index]?.type ? type : undefined,
  }))
  return { label: '', columns, keys: undefined, passes: [...new Set([...left.passes, ...right.passes])] }
}

function renamed(relation: KnownRelation, names: readonly string[]): KnownRelation {
  if (names.length === 0) return relation
  const columns = relation.columns?.map((column, index) => ({ ...column, name: names[index] ?? column.name }))
  return { ...relation, columns, keys: undefined }
}

function unknownRelation(label: string): KnownRelation {
  return { label, columns: undefined, keys: undefined, passes: [] }
}
