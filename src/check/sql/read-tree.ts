import { isJsonObject, type Json, type JsonObject } from '../../util/json.ts'
import type { CommonTable, Expression, FromItem, Part, QueryTree } from './tree.ts'

/** The tree of a query from what the parser gave for `sql`. What rules do not ask for becomes `other`, with its parts. */
export function readTree(node: JsonObject, sql: string): QueryTree {
  return new TreeReader(offsetsOf(sql)).query(node)
}

class TreeReader {
  readonly #offsetOf: (byte: number) => number
  /** An expression is a part of another, and often also its argument or side: each is read once. */
  readonly #expressions = new Map<JsonObject, Expression>()

  constructor(offsetOf: (byte: number) => number) {
    this.#offsetOf = offsetOf
  }

  query(node: JsonObject): QueryTree {
    const commonTables = listOf(objectOf(node.cte_map)?.map).map((entry) => this.#commonTable(entry))
    const modifiers = listOf(node.modifiers).map(({ type }) => type)
    const isCut = modifiers.some((type) => type !== 'ORDER_MODIFIER')
    switch (node.type) {
      case 'SELECT_NODE':
        return { ...this.#select(node), commonTables, isCut, raw: node }
      case 'SET_OPERATION_NODE':
      case 'RECURSIVE_CTE_NODE': {
        const [left, right] = [objectOf(node.left), objectOf(node.right)]
        if (!left || !right) return { kind: 'other', commonTables, isCut, raw: node }
        return { kind: 'set', left: this.query(left), right: this.query(right), commonTables, isCut, raw: node }
      }
      default:
        return { kind: 'other', commonTables, isCut, raw: node }
    }
  }

  #commonTable(entry: JsonObject): CommonTable {
    const raw = objectOf(entry.value) ?? {}
    const node = objectOf(objectOf(raw.query)?.node) ?? {}
    return {
      name: String(entry.key),
      columnNames: textsOf(raw.aliases),
      query: this.query(node),
      inside: () => {
        const first = firstLocation(raw)
        return first === undefined ? undefined : this.#offsetOf(first)
      },
      raw,
    }
  }

  #select(node: JsonObject) {
    const groupBy = listOf(node.group_expressions).map((each) => this.#expression(each))
    const sets = Array.isArray(node.group_sets) ? node.group_sets.length : 0
    const isPlain = sets <= 1 && (node.aggregate_handling ?? 'STANDARD_HANDLING') === 'STANDARD_HANDLING'
    const from = objectOf(node.from_table)
    return {
      kind: 'select',
      items: listOf(node.select_list).map((each) => this.#expression(each)),
      from: from ? this.#from(from) : EMPTY,
      where: this.#optional(node.where_clause),
      grouping: isPlain ? (groupBy.length > 0 ? 'plain' : 'none') : 'other',
      groupBy,
      having: this.#optional(node.having),
      qualify: this.#optional(node.qualify),
    } as const
  }

  #from(node: JsonObject): FromItem {
    const base = { alias: textOf(node.alias), columnNames: textsOf(node.column_name_alias), at: this.#at(node) }
    const [left, right] = [objectOf(node.left), objectOf(node.right)]
    const subquery = objectOf(objectOf(node.subquery)?.node)
    switch (node.type) {
      case 'BASE_TABLE': {
        const [database, schema] = [textOf(node.catalog_name), textOf(node.schema_name)]
        return { ...base, kind: 'table', database, schema, name: String(node.table_name) }
      }
      case 'SUBQUERY':
        if (subquery) return { ...base, kind: 'subquery', query: this.query(subquery) }
        break
      case 'JOIN':
        if (left && right) {
          return {
            ...base,
            kind: 'join',
            left: this.#from(left),
            right: this.#from(right),
            type: textOf(node.join_type) ?? 'INNER',
            way: textOf(node.ref_type) ?? 'REGULAR',
            condition: this.#optional(node.condition),
            using: textsOf(node.using_columns),
          }
        }
        break
      case 'EMPTY':
        return EMPTY
    }
    return { ...base, kind: 'other', parts: this.#parts(node) }
  }

  #optional(node: Json | undefined): Expression | undefined {
    return isJsonObject(node) ? this.#expression(node) : undefined
  }

  #expression(node: JsonObject): Expression {
    const known = this.#expressions.get(node)
    if (known) return known
    const read = this.#readExpression(node)
    this.#expressions.set(node, read)
    return read
  }

  #readExpression(node: JsonObject): Expression {
    const base = { alias: textOf(node.alias), at: this.#at(node), parts: this.#parts(node) }
    switch (node.class) {
      case 'COLUMN_REF':
        return { ...base, kind: 'column', names: textsOf(node.column_names) }
      case 'STAR': {
        const isOpen = node.columns !== true
        const isWhole = isOpen && !['exclude_list', 'replace_list', 'rename_list', 'expr'].some((key) => key in node)
        return { ...base, kind: 'star', relation: textOf(node.relation_name), isWhole, isOpen }
      }
      case 'CONSTANT': {
        const value = objectOf(node.value)
        const type = textOf(objectOf(value?.type)?.id) ?? 'NULL'
        return { ...base, kind: 'constant', type, value: value?.value ?? null }
      }
      case 'CAST': {
        const type = textOf(objectOf(node.cast_type)?.id)
        return { ...base, kind: 'cast', type: type === 'UNBOUND' ? undefined : type, isTry: node.try_cast === true }
      }
      case 'FUNCTION': {
        const name = String(node.function_name).toLowerCase()
        const values = listOf(node.children).map((each) => this.#expression(each))
        return { ...base, kind: 'function', name, arguments: values, isDistinct: node.distinct === true }
      }
      default:
        return this.#comparison(node, base) ?? { ...base, kind: kindOf(node) }
    }
  }

  #comparison(node: JsonObject, base: Pick<Expression, 'alias' | 'at' | 'parts'>): Expression | undefined {
    const operator = textOf(node.type) ?? ''
    const of = (...keys: readonly string[]) => keys.flatMap((key) => this.#optional(node[key]) ?? [])
    const [first, ...others] =
      node.class === 'COMPARISON'
        ? of('left', 'right')
        : node.class === 'BETWEEN'
          ? of('input', 'lower', 'upper')
          : operator === 'COMPARE_IN' || operator === 'COMPARE_NOT_IN'
            ? listOf(node.children).map((each) => this.#expression(each))
            : []
    if (!first) return undefined
    return { ...base, kind: 'comparison', operator, pairs: others.map((other) => [first, other] as const) }
  }

  /** The expressions and queries that a node holds, whatever the keys are called under which they stand. */
  #parts(node: JsonObject): readonly Part[] {
    // A lambda has names of its own, so that nothing in it can be told: as a query that nobody knows.
    if (node.class === 'LAMBDA') return [{ kind: 'query', query: this.query({}) }]
    const found: Part[] = []
    const look = (value: Json): void => {
      if (Array.isArray(value)) value.forEach(look)
      if (!isJsonObject(value)) return
      const query = objectOf(value.node)
      if (query) found.push({ kind: 'query', query: this.query(query) })
      else if (typeof value.class === 'string') found.push(this.#expression(value))
      else if (value.type === 'BASE_TABLE') found.push({ kind: 'query', query: this.#reading(value) })
      else Object.values(value).forEach(look)
    }
    Object.values(node).forEach(look)
    return found
  }

  /** A table inside something that is not looked into, such as a pivot: as a query that reads it. */
  #reading(table: JsonObject): QueryTree {
    return this.query({ type: 'SELECT_NODE', from_table: table })
  }

  #at({ query_location: byte }: JsonObject): number | undefined {
    return typeof byte === 'number' ? this.#offsetOf(byte) : undefined
  }
}

const EMPTY: FromItem = { kind: 'empty', alias: undefined, columnNames: [], at: undefined, parts: [] }

function kindOf({ class: name, type }: JsonObject): 'and' | 'window' | 'not-null' | 'other' {
  if (type === 'CONJUNCTION_AND') return 'and'
  if (type === 'OPERATOR_IS_NOT_NULL') return 'not-null'
  return name === 'WINDOW' ? 'window' : 'other'
}

/** The least offset, in bytes, of anything in a part of a tree. */
function firstLocation(value: Json): number | undefined {
  if (Array.isArray(value)) return least(value.map(firstLocation))
  if (!isJsonObject(value)) return undefined
  const own = typeof value.query_location === 'number' ? value.query_location : undefined
  return least([own, ...Object.values(value).map(firstLocation)])
}

function least(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.flatMap((number) => number ?? [])
  return known.length === 0 ? undefined : Math.min(...known)
}

/** From bytes of UTF-8 to offsets of a text, for calls in any order. */
function offsetsOf(sql: string): (byte: number) => number {
  const bytes = Buffer.from(sql)
  if (bytes.length === sql.length) return (byte) => byte
  return (byte) => bytes.toString('utf8', 0, byte).length
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
