import fc from 'fast-check'
import type { OracleColumn, OracleTable } from './oracle.ts'

const number = (name: string): OracleColumn => ({ name, type: 'integer', values: ['0', '1', '2', '3', '4', 'null'] })
const text = (name: string): OracleColumn => ({ name, type: 'varchar', values: ["'a'", "'b'", "'c'", "'d'", 'null'] })

/** The tables that the queries read. */
export const ORACLE_TABLES: readonly OracleTable[] = [
  table('customers', [number('id'), text('name'), text('country'), number('tier')]),
  table('orders', [number('id'), number('customer_id'), text('status'), number('amount')]),
  table('payments', [number('id'), number('order_id'), text('method'), number('paid')]),
]

function table(name: string, columns: readonly OracleColumn[]): OracleTable {
  const cells = columns.map(({ values }) => fc.array(fc.constantFrom(...values), { minLength: 9, maxLength: 9 }))
  const drawn = fc.sample(fc.tuple(...cells), { seed: name.length, numRuns: 1 })[0]!
  return { name, columns, rows: Array.from({ length: 9 }, (_, row) => drawn.map((column) => column[row]!)) }
}

/** Valid and deterministic in both dialects; the same for the same seed. */
export function generateQueries(count: number, seed: number): readonly string[] {
  const queries = fc.gen().map((draw) => {
    const below = (limit: number) => draw(fc.nat, { max: limit - 1 })
    return new Generator(below).query(2).sql
  })
  return fc.sample(queries, { seed, numRuns: count })
}

interface Column {
  readonly sql: string
  readonly isText: boolean
}

/** What may stand in `from`, and what may be said of it. */
interface Source {
  readonly sql: string
  readonly columns: readonly Column[]
}

/** A query with two numbers and a text, `a`, `b` and `c`: all can be put together. */
interface Query {
  readonly sql: string
}

class Generator {
  readonly #below: (limit: number) => number
  #names = 0

  constructor(below: (limit: number) => number) {
    this.#below = below
  }

  query(depth: number): Query {
    const kinds = [
      () => this.#plain(depth),
      () => this.#aggregated(depth),
      () => this.#windowed(depth),
      () => this.#limited(depth),
      () => this.#distinct(depth),
      () => this.#setOperation(depth),
      () => this.#common(depth),
    ]
    return { sql: this.#one(depth > 0 ? kinds : kinds.slice(0, 3))() }
  }

  #plain(depth: number): string {
    const source = this.#source(depth)
    const values = `${this.#number(source, depth)} as a, ${this.#number(source, depth)} as b, ${this.#text(source)} as c`
    return `select ${values} from ${source.sql}${this.#where(source, depth)}`
  }

  #aggregated(depth: number): string {
    const source = this.#source(depth)
    const key = this.#text(source)
    const sum = this.#one([
      `sum(${this.#number(source, 0)})`,
      'count(*)',
      `count(distinct ${this.#column(source, true)})`,
      `max(${this.#column(source, false)}) filter (where ${this.#condition(source, 0)})`,
    ])
    const having = this.#one(['', ` having min(${this.#column(source, false)}) < 3`])
    const values = `${sum} as a, min(${this.#column(source, false)}) as b, ${key} as c`
    return `select ${values} from ${source.sql}${this.#where(source, depth)} group by ${key}${having}`
  }

  #windowed(depth: number): string {
    const source = this.#source(depth)
    const part = `partition by ${this.#column(source, true)}`
    const over = this.#one([
      part,
      `order by ${this.#column(source, false)}`,
      `${part} order by ${this.#column(source, false)}`,
    ])
    const all = source.columns.map(({ sql }) => sql).join(', ')
    const call = this.#one([
      `rank() over (${over})`,
      `sum(${this.#column(source, false)}) over (${over})`,
      `row_number() over (order by ${all})`,
    ])
    const values = `${call} as a, ${this.#column(source, false)} as b, ${this.#column(source, true)} as c`
    return `select ${values} from ${source.sql}${this.#where(source, depth)}`
  }

  #limited(depth: number): string {
    return `select a, b, c from (${this.query(depth - 1).sql}) as ${this.#name()} order by a, b, c limit ${1 + this.#below(4)}`
  }

  #distinct(depth: number): string {
    return `select distinct a, b, c from (${this.query(depth - 1).sql}) as ${this.#name()}`
  }

  #setOperation(depth: number): string {
    const operation = this.#one(['union all', 'union', 'intersect', 'except'])
    return `(${this.query(depth - 1).sql}) ${operation} (${this.query(depth - 1).sql})`
  }

  #common(depth: number): string {
    const name = this.#name()
    const source = this.#source(depth - 1)
    const join = `${name} as x join ${source.sql} on x.a = ${this.#column(source, false)}`
    return `with ${name} as (${this.query(depth - 1).sql}) select x.a, x.b, ${this.#column(source, true)} as c from ${join}`
  }

  #source(depth: number): Source {
    if (depth <= 0 || this.#below(3) === 0) return this.#table()
    if (this.#below(2) === 0) return this.#subquery(depth)
    const [left, right] = [this.#source(depth - 1), this.#table()]
    const kind = this.#one(['join', 'left join', 'right join', 'full join'])
    const condition = `${this.#column(left, false)} = ${this.#column(right, false)}`
    return { sql: `${left.sql} ${kind} ${right.sql} on ${condition}`, columns: [...left.columns, ...right.columns] }
  }

  #table(): Source {
    const { name, columns } = this.#one(ORACLE_TABLES)
    const alias = this.#name()
    return {
      sql: `${name} as ${alias}`,
      columns: columns.map((column) => ({ sql: `${alias}.${column.name}`, isText: column.type === 'varchar' })),
    }
  }

  #subquery(depth: number): Source {
    const alias = this.#name()
    const columns = ['a', 'b', 'c'].map((name) => ({ sql: `${alias}.${name}`, isText: name === 'c' }))
    return { sql: `(${this.query(depth - 1).sql}) as ${alias}`, columns }
  }

  #where(source: Source, depth: number): string {
    return this.#below(2) === 0 ? '' : ` where ${this.#condition(source, depth)}`
  }

  #condition(source: Source, depth: number): string {
    const plain = [
      `${this.#column(source, false)} > ${this.#below(4)}`,
      `${this.#column(source, true)} = '${this.#one(['a', 'b', 'c'])}'`,
      `${this.#column(source, false)} is not null`,
    ]
    if (depth <= 0) return this.#one(plain)
    const inner = this.#table()
    const link = `${this.#column(inner, false)} = ${this.#column(source, false)}`
    return this.#one([
      ...plain,
      `exists (select 1 from ${inner.sql} where ${link})`,
      `${this.#column(source, false)} in (select ${this.#column(inner, false)} from ${inner.sql}${this.#where(inner, 0)})`,
    ])
  }

  #number(source: Source, depth: number): string {
    const column = this.#column(source, false)
    const inner = this.#table()
    const link = `${this.#column(inner, false)} = ${column}`
    return this.#one([
      column,
      column,
      `${column} + ${this.#column(source, false)}`,
      `coalesce(${column}, 0)`,
      `case when ${this.#condition(source, 0)} then ${column} else 7 end`,
      ...(depth > 0 ? [`(select max(${this.#column(inner, false)}) from ${inner.sql} where ${link})`] : []),
    ])
  }

  #text(source: Source): string {
    const column = this.#column(source, true)
    return this.#one([column, column, `upper(${column})`, `coalesce(${column}, 'z')`])
  }

  #column({ columns }: Source, isText: boolean): string {
    return this.#one(columns.filter((column) => column.isText === isText)).sql
  }

  #one<Item>(items: readonly Item[]): Item {
    return items[this.#below(items.length)]!
  }

  #name(): string {
    this.#names += 1
    return `r${this.#names}`
  }
}
