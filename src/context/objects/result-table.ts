import type { QueryResult, SqlValue } from '../../sql/value.ts'
import { DateValue, Decimal, TimestampValue } from '../../sql/value.ts'
import {
  Dict,
  float,
  HostObject,
  hostFunction,
  isInteger,
  repr,
  str,
  Tuple,
  toTemplateValue,
} from '../../template/index.ts'
import { dateOfIso, dateTimeOfIso } from '../modules/iso-time.ts'
import { readArguments } from './arguments.ts'
import { DecimalObject } from './decimal-object.ts'

/** A database value as templates see it. */
function templateValue(value: SqlValue, type = ''): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return /^(?:double|float|real)/i.test(type) ? float(value) : value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (value instanceof Decimal) return DecimalObject.parse(value.digits)
  if (value instanceof DateValue) return dateOfIso(value.iso) ?? value.iso
  if (value instanceof TimestampValue) return dateTimeOfIso(value.iso) ?? value.iso
  if (Array.isArray(value)) return value.map((item) => templateValue(item))
  return new Dict(Object.entries(value).map(([key, item]) => [key, templateValue(item)]))
}

/** A value that a caller gives to templates: plain data, values of a database in it, or a value of the engine as it is. */
export function hostValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hostValue)
  if (value instanceof Decimal || value instanceof DateValue || value instanceof TimestampValue)
    return templateValue(value)
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? new Dict(Object.entries(value).map(([key, item]) => [key, hostValue(item)])) : toTemplateValue(value)
}

/** The values of a query's rows as templates see them. */
function templateRows(result: QueryResult): unknown[][] {
  return result.rows.map((row) => row.map((value, index) => templateValue(value, result.columns[index]?.type)))
}

/** Names with values, by position and by name: what agate calls a mapped sequence. Rows, columns and lists of them are such. */
class MappedSequence extends HostObject {
  readonly typeName: string
  readonly labels: readonly string[]
  readonly values: readonly unknown[]

  constructor(typeName: string, labels: readonly string[], values: readonly unknown[]) {
    super()
    this.typeName = typeName
    this.labels = labels
    this.values = values
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'values':
        return hostFunction(name, () => new Tuple(this.values))
      case 'keys':
        return hostFunction(name, () => new Tuple(this.labels))
      case 'items':
        return hostFunction(name, () => this.labels.map((label, index) => Tuple.of(label, this.values[index])))
      case 'dict':
        return hostFunction(name, () => new Dict(this.labels.map((label, index) => [label, this.values[index]])))
      case 'get':
        return hostFunction(name, (args, kwargs) => {
          const [key, fallback] = readArguments(name, ['key', 'default'], args, kwargs)
          return this.item(key) ?? fallback ?? null
        })
      default:
        return this.labelled(name)
    }
  }

  override names(): Iterable<string> {
    return [...this.labels, 'values', 'keys', 'items', 'dict', 'get']
  }

  override item(key: unknown): unknown {
    if (isInteger(key)) return this.values.at(Number(key))
    return typeof key === 'string' ? this.labelled(key) : undefined
  }

  override iter(): Iterable<unknown> {
    return this.values
  }

  override len(): number {
    return this.values.length
  }

  override eq(other: unknown): boolean {
    return other instanceof MappedSequence && repr(new Tuple(other.values)) === repr(new Tuple(this.values))
  }

  override str(): string {
    return `<agate.${this.typeName}: ${repr(new Tuple(this.values))}>`
  }

  override toPlain(): unknown {
    return [...this.values]
  }

  private labelled(label: string): unknown {
    const index = this.labels.indexOf(label)
    return index < 0 ? undefined : this.values[index]
  }
}

/** One column of a result: its name, its type and its values. */
class TableColumn extends MappedSequence {
  private readonly name: string
  private readonly index: number
  private readonly dataType: string

  constructor(details: {
    readonly name: string
    readonly index: number
    readonly type: string
    readonly values: readonly unknown[]
  }) {
    super('Column', [], details.values)
    this.name = details.name
    this.index = details.index
    this.dataType = details.type
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'name':
        return this.name
      case 'index':
        return this.index
      case 'data_type':
        return this.dataType
      case 'values_distinct':
        return hostFunction(name, () => new Tuple(distinct(this.values)))
      case 'values_without_nulls':
        return hostFunction(name, () => new Tuple(this.values.filter((value) => value !== null)))
      default:
        return super.attr(name)
    }
  }
}

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [repr(value), value])).values()]
}

/** What a result table is made of; the rows hold values as templates see them. */
interface TableData {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
}

/**
 * The rows of a query in the shape of an agate table, which is what dbt gives to templates. Printing it gives nothing of use;
 * `print_table` shows it.
 */
export class ResultTable extends HostObject {
  readonly typeName = 'Table'
  private readonly data: TableData
  private readonly print: (text: string) => void

  constructor(data: TableData, print: (text: string) => void) {
    super()
    this.data = data
    this.print = print
  }

  static of(result: QueryResult, print: (text: string) => void): ResultTable {
    return new ResultTable({ columns: result.columns, rows: templateRows(result) }, print)
  }

  get columnNames(): readonly string[] {
    return this.data.columns.map((column) => column.name)
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'columns':
        return new MappedSequence('MappedSequence', this.columnNames, this.columns())
      case 'rows':
        return new MappedSequence('MappedSequence', [], this.rows())
      case 'column_names':
        return new Tuple(this.columnNames)
      case 'column_types':
        return new Tuple(this.data.columns.map((column) => column.type))
      case 'row_names':
        return null
      case 'print_table':
        return hostFunction(name, (args, kwargs) => {
          const parameters = ['max_rows', 'max_columns', 'output', 'max_column_width']
          const [maxRows] = readArguments(name, parameters, args, kwargs)
          this.print(tableText(this.data, typeof maxRows === 'number' ? maxRows : 20))
          return null
        })
      case 'select':
        return hostFunction(name, (args) => this.withColumns((column) => namesIn(args[0]).includes(column)))
      case 'exclude':
        return hostFunction(name, (args) => this.withColumns((column) => !namesIn(args[0]).includes(column)))
      case 'limit':
        return hostFunction(name, (args) => {
          return new ResultTable({ ...this.data, rows: this.data.rows.slice(0, Number(args[0])) }, this.print)
        })
      case 'rename':
        return hostFunction(name, (args, kwargs) => {
          return this.renamed(readArguments(name, ['column_names'], args, kwargs)[0])
        })
      default:
        return undefined
    }
  }

  override names(): Iterable<string> {
    return ['columns', 'rows', 'column_names', 'column_types', 'print_table', 'select', 'exclude', 'limit', 'rename']
  }

  override iter(): Iterable<unknown> {
    return this.rows()
  }

  override len(): number {
    return this.data.rows.length
  }

  /** A table is there also when it has no rows. */
  override truthy(): boolean {
    return true
  }

  override str(): string {
    return `<agate.Table: ${this.columnNames.join(', ')}>`
  }

  /** The rows as tuples, which is what `load_result(name).data` holds. */
  matrix(): Tuple[] {
    return this.data.rows.map((row) => new Tuple(row))
  }

  private columns(): TableColumn[] {
    return this.data.columns.map(({ name, type }, index) => {
      return new TableColumn({ name, index, type, values: this.data.rows.map((row) => row[index]) })
    })
  }

  private rows(): MappedSequence[] {
    return this.data.rows.map((row) => new MappedSequence('Row', this.columnNames, row))
  }

  private withColumns(isKept: (name: string) => boolean): ResultTable {
    const kept = this.columnNames.flatMap((name, index) => (isKept(name) ? [index] : []))
    const columns = kept.map((index) => this.data.columns[index]!)
    return new ResultTable({ columns, rows: this.data.rows.map((row) => kept.map((index) => row[index])) }, this.print)
  }

  /** By a list of all names, or a dict from old names to new ones. */
  private renamed(names: unknown): ResultTable {
    const columns = this.data.columns.map((column, index) => {
      const renamed = names instanceof Dict ? names.get(column.name) : namesIn(names)[index]
      return { ...column, name: renamed === undefined ? column.name : str(renamed) }
    })
    return new ResultTable({ ...this.data, columns }, this.print)
  }
}

function namesIn(value: unknown): readonly string[] {
  if (value instanceof Tuple) return value.items.map(str)
  return Array.isArray(value) ? value.map(str) : [str(value)]
}

/** The table with its columns in line, as `print_table` shows it. */
function tableText({ columns, rows }: TableData, maxRows: number): string {
  const shown = rows.slice(0, maxRows).map((row) => row.map((value) => (value === null ? '' : str(value))))
  const widths = columns.map(({ name }, index) => Math.max(name.length, ...shown.map((row) => row[index]!.length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index]!)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  const rest = rows.length > maxRows ? [line(columns.map(() => '...'))] : []
  return [line(columns.map((column) => column.name)), rule, ...shown.map(line), ...rest].join('\n')
}
