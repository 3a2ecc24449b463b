import type { Dialect } from '../../sql/dialect.ts'
import { translateType } from '../../sql/type-names.ts'
import { HostObject, hostFunction, str, TemplateError } from '../../template/index.ts'
import { readArguments } from './arguments.ts'

const STRING_TYPES = new Set(['text', 'character varying', 'character', 'varchar', 'char', 'string', 'bpchar'])
const NUMERIC_TYPES = new Set(['numeric', 'decimal'])
const FLOAT_TYPES = new Set(['real', 'float', 'float4', 'float8', 'double', 'double precision'])
const INTEGER_TYPES = new Set(
  'tinyint smallint integer bigint hugeint utinyint usmallint uinteger ubigint uhugeint int int1 int2 int4 int8 smallserial serial bigserial serial2 serial4 serial8'.split(
    ' ',
  ),
)

/** A type such as `DECIMAL(18,2)`, taken apart. A type with other parameters (`STRUCT(a INTEGER)`) is a name of its own. */
interface ParsedType {
  readonly name: string
  readonly sizes: readonly number[]
}

function parseType(type: string): ParsedType {
  const match = /^([^()]+?)\s*\((\d+)(?:\s*,\s*(\d+))?\)$/.exec(type)
  if (!match) return { name: type, sizes: [] }
  return {
    name: match[1]!,
    sizes: match
      .slice(2)
      .filter((size) => size !== undefined)
      .map(Number),
  }
}

/** A column as templates see it. */
export class ColumnObject extends HostObject {
  readonly typeName = 'Column'
  readonly name: string
  /** The engine's own name of the type. */
  readonly type: string
  private readonly parsed: ParsedType
  private readonly dialect: Dialect

  constructor(column: { readonly name: string; readonly type: string }, dialect: Dialect) {
    super()
    this.name = column.name
    this.type = column.type
    this.parsed = parseType(column.type)
    this.dialect = dialect
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'name':
      case 'column':
        return this.name
      case 'quoted':
        return this.dialect.quote(this.name)
      case 'dtype':
        return this.parsed.name
      case 'data_type':
      case 'expanded_data_type':
        return this.type
      case 'char_size':
        return this.isOf(STRING_TYPES) ? (this.parsed.sizes[0] ?? null) : null
      case 'numeric_precision':
        return this.isOf(NUMERIC_TYPES) ? (this.parsed.sizes[0] ?? null) : null
      case 'numeric_scale':
        return this.isOf(NUMERIC_TYPES) ? (this.parsed.sizes[1] ?? null) : null
      case 'is_string':
        return hostFunction(name, () => this.isOf(STRING_TYPES))
      case 'is_numeric':
        return hostFunction(name, () => this.isOf(NUMERIC_TYPES))
      case 'is_float':
        return hostFunction(name, () => this.isOf(FLOAT_TYPES))
      case 'is_integer':
        return hostFunction(name, () => this.isOf(INTEGER_TYPES))
      case 'is_number':
        return hostFunction(name, () => [NUMERIC_TYPES, FLOAT_TYPES, INTEGER_TYPES].some((types) => this.isOf(types)))
      case 'string_size':
        return hostFunction(name, () => this.stringSize())
      case 'string_type':
        return hostFunction(name, (args) => stringType(args[0]))
      case 'numeric_type':
        return hostFunction(name, (args) => numericType(args))
      case 'literal':
        return hostFunction(name, (args) => `${str(args[0])}::${this.type}`)
      case 'can_expand_to':
        return hostFunction(name, (args) => this.canExpandTo(args[0]))
      default:
        return undefined
    }
  }

  override names(): Iterable<string> {
    return 'name column quoted dtype data_type char_size numeric_precision numeric_scale is_string is_numeric is_float is_integer is_number string_size literal can_expand_to'.split(
      ' ',
    )
  }

  override str(): string {
    return `<Column ${this.name} (${this.type})>`
  }

  override eq(other: unknown): boolean {
    return other instanceof ColumnObject && other.name === this.name && other.type === this.type
  }

  override hash(): string {
    return `${this.name} ${this.type}`
  }

  private isOf(types: ReadonlySet<string>): boolean {
    return types.has(this.parsed.name.toLowerCase())
  }

  private stringSize(): number {
    if (!this.isOf(STRING_TYPES))
      throw new TemplateError(`The column "${this.name}" holds no text, so it has no string_size().`)
    return this.parsed.sizes[0] ?? 256
  }

  private canExpandTo(other: unknown): boolean {
    if (!(other instanceof ColumnObject) || !this.isOf(STRING_TYPES) || !other.isOf(STRING_TYPES)) return false
    return other.stringSize() > this.stringSize()
  }
}

function stringType(size: unknown): string {
  return `character varying(${str(size)})`
}

function numericType([type, precision, scale]: readonly unknown[]): string {
  const isBare = precision === undefined || precision === null || scale === undefined || scale === null
  return isBare ? str(type) : `${str(type)}(${str(precision)},${str(scale)})`
}

/** `api.Column`. */
export class ColumnClass extends HostObject {
  readonly typeName = 'type'
  private readonly dialect: Dialect

  constructor(dialect: Dialect) {
    super()
    this.dialect = dialect
  }

  override call(args: readonly unknown[], kwargs: ReadonlyMap<string, unknown>): ColumnObject {
    const parameters = ['column', 'dtype', 'char_size', 'numeric_precision', 'numeric_scale']
    const [name, type, ...sizes] = readArguments('Column', parameters, args, kwargs)
    const given = sizes.filter((size) => size !== undefined && size !== null).map(str)
    const typeText = given.length > 0 ? `${str(type)}(${given.join(',')})` : str(type)
    return new ColumnObject({ name: str(name), type: typeText }, this.dialect)
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'create':
        return hostFunction(name, ([column, type]) => {
          return new ColumnObject({ name: str(column), type: translateType(str(type)) }, this.dialect)
        })
      case 'translate_type':
        return hostFunction(name, (args) => translateType(str(args[0])))
      case 'string_type':
        return hostFunction(name, (args) => stringType(args[0]))
      case 'numeric_type':
        return hostFunction(name, (args) => numericType(args))
      default:
        return undefined
    }
  }

  override names(): Iterable<string> {
    return ['create', 'translate_type', 'string_type', 'numeric_type']
  }
}
