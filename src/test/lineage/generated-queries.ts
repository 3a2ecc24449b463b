import fc from 'fast-check'
import type { Subject } from './oracle.ts'
import type { OracleColumn, OracleTable } from './oracle-data.ts'

const number = (name: string): OracleColumn => ({ name, type: 'integer', values: ['0', '1', '2', '3', '4', null] })
const text = (name: string): OracleColumn => ({ name, type: 'varchar', values: ['a', 'b', 'c', 'd', null] })

/** The tables that the queries read. */
export const ORACLE_TABLES: readonly OracleTable[] = [
  { name: 'customers', columns: [number('id'), text('name'), text('country'), number('tier')], rows: [] },
  { name: 'orders', columns: [number('id'), number('customer_id'), text('status'), number('amount')], rows: [] },
  { name: 'payments', columns: [number('id'), number('order_id'), text('method'), number('paid')], rows: [] },
]

export interface QueryStep {
  readonly sql: string
  /** The sides of its set operations. */
  readonly comparisons: Subject['comparisons']
}

export interface GeneratedQuery extends QueryStep {
  /**
   * The queries that it is made of, each by itself: what it reads of another one is a table that may hold anything. Filters
   * that contradict each other across queries, and results that can only be certain values, are out of the way so.
   */
  readonly steps: readonly QueryStep[]
}

/** Tables in the place of what queries in a query give. */
export const PART_TABLES: readonly OracleTable[] = [1, 2, 3, 4].map((part) => ({
  name: `part${part}`,
  columns: [number('a'), number('b'), text('c')],
  rows: [],
}))

/** Valid and deterministic in both dialects; the same for the same seed. */
export function generateQueries(count: number, seed: number): readonly GeneratedQuery[] {
  const queries = fc.gen().map((draw) => {
    const below = (limit: number) => draw(fc.nat, { max: limit - 1 })
    const generator = new Generator(below)
    return { sql: generator.query(2).sql, comparisons: generator.comparisons, steps: generator.steps }
  })
  return fc.sample(queries, { seed, numRuns: count })
}

interface Column {
  readonly sql: string
  /** Undefined for numbers. */
  readonly text: Text | undefined
}

/** What is known of the values of a text, so that filters on it can be true. */
interface Text {
  /** The only value that filters leave. */
  only: string | undefined
  readonly isUpper: boolean
}

/** What may stand in `from`, and what may be said of it. */
interface Source {
  readonly sql: string
  readonly columns: readonly Column[]
}

/** A query with two numbers and a text, `a`, `b` and `c`: all can be put together. */
interface Query {
  readonly sql: string
  readonly c: Text
  /** Whether its first two inner queries have their rows compared. */
  readonly isComparison?: boolean
}

interface Expression {
  readonly sql: string
  readonly text: Text
}

class Generator {
  readonly comparisons: (readonly [left: string, right: string])[] = []
  readonly steps: QueryStep[] = []
  readonly #below: (limit: number) => number
  /** The queries in the one that is being written. */
  #inner: string[] = []
  #names = 0

  constructor(below: (limit: number) => number) {
    this.#below = below
  }

  query(depth: number): Query {
    const kinds = [
      () => this.#plain(depth),
      () => this.#aggregated(depth),
      () => this.#windowed(depth),
      () => this.#numbered(depth),
      () => this.#limited(depth),
      () => this.#distinct(depth),
      () => this.#setOperation(depth),
      () => this.#common(depth),
    ]
    const outer = this.#inner
    const inner: string[] = []
    this.#inner = inner
    const { sql, c, isComparison } = this.#one(depth > 0 ? kinds : kinds.slice(0, 4))()
    this.#inner = outer
    const parts = inner.map((_, index) => `select a, b, c from part${index + 1}`)
    const sides = (queries: readonly string[]) => (isComparison ? [[queries[0]!, queries[1]!] as const] : [])
    this.comparisons.push(...sides(inner))
    this.steps.push({ sql: filled(sql, parts), comparisons: sides(parts) })
    return { sql: filled(sql, inner), c }
  }

  /** A query in the one that is being written: a hole, until that is done. */
  #nested(depth: number): Query {
    const holes = this.#inner
    const { sql, c } = this.query(depth - 1)
    holes.push(sql)
    return { sql: hole(holes.length - 1), c }
  }

  #plain(depth: number): Query {
    const source = this.#source(depth)
    const where = this.#where(source, depth)
    const c = this.#text(source)
    const values = `${this.#number(source, depth)} as a, ${this.#number(source, depth)} as b, ${c.sql} as c`
    return { sql: `select ${values} from ${source.sql}${where}`, c: c.text }
  }

  #aggregated(depth: number): Query {
    const source = this.#source(depth)
    const where = this.#where(source, depth)
    const key = this.#text(source)
    const sum = this.#one([
      `sum(${this.#number(source, 0)})`,
      'count(*)',
      `count(distinct ${this.#textColumn(source).sql})`,
      `max(${this.#numberColumn(source)}) filter (where ${this.#condition(source, 0)})`,
    ])
    const having = this.#one(['', ` having min(${this.#numberColumn(source)}) > 0`])
    const values = `${sum} as a, min(${this.#numberColumn(source)}) as b, ${key.sql} as c`
    return { sql: `select ${values} from ${source.sql}${where} group by ${key.sql}${having}`, c: key.text }
  }

  #windowed(depth: number): Query {
    const source = this.#source(depth)
    const where = this.#where(source, depth)
    const part = `partition by ${this.#textColumn(source).sql}`
    const over = this.#one([
      part,
      `order by ${this.#numberColumn(source)}`,
      `${part} order by ${this.#numberColumn(source)}`,
    ])
    const all = this.#shuffled(source.columns.map(({ sql }) => sql)).join(', ')
    const call = this.#one([
      `rank() over (${over})`,
      `sum(${this.#numberColumn(source)}) over (${over})`,
      `row_number() over (order by ${all})`,
    ])
    const c = this.#textColumn(source)
    const values = `${call} as a, ${this.#numberColumn(source)} as b, ${c.sql} as c`
    return { sql: `select ${values} from ${source.sql}${where}`, c: c.text }
  }

  /** The first rows of each group. */
  #numbered(depth: number): Query {
    const source = this.#source(depth)
    const where = this.#where(source, depth)
    const key = this.#one([this.#textColumn(source).sql, this.#numberColumn(source)])
    const all = this.#shuffled(source.columns.map(({ sql }) => sql)).join(', ')
    const c = this.#text(source)
    const values = `${this.#number(source, 0)} as a, ${this.#numberColumn(source)} as b, ${c.sql} as c`
    const numbered = `select ${values}, row_number() over (partition by ${key} order by ${all}) as n from ${source.sql}${where}`
    const first = this.#one(['n = 1', 'n = 1', 'n <= 2', 'n = 2', 'n = 1 and b > 0'])
    return { sql: `select a, b, c from (${numbered}) as ${this.#name()} where ${first}`, c: c.text }
  }

  #limited(depth: number): Query {
    const { sql, c } = this.#nested(depth)
    return { sql: `select a, b, c from (${sql}) as ${this.#name()} order by a, b, c limit ${1 + this.#below(4)}`, c }
  }

  #distinct(depth: number): Query {
    const { sql, c } = this.#nested(depth)
    return { sql: `select distinct a, b, c from (${sql}) as ${this.#name()}`, c }
  }

  #setOperation(depth: number): Query {
    const operation = this.#one(['union all', 'union', 'intersect', 'except'])
    const [left, right] = [this.#nested(depth), this.#nested(depth)]
    const only = left.c.only === right.c.only || !operation.startsWith('union') ? left.c.only : undefined
    return {
      sql: `(${left.sql}) ${operation} (${right.sql})`,
      c: { only, isUpper: left.c.isUpper && right.c.isUpper },
      isComparison: operation !== 'union all',
    }
  }

  #common(depth: number): Query {
    const name = this.#name()
    const source = this.#source(depth - 1)
    const join = `${name} as x join ${source.sql} on x.a = ${this.#numberColumn(source)}`
    const c = this.#textColumn(source)
    return {
      sql: `with ${name} as (${this.#nested(depth).sql}) select x.a, x.b, ${c.sql} as c from ${join}`,
      c: c.text,
    }
  }

  #source(depth: number): Source {
    if (depth <= 0 || this.#below(3) === 0) return this.#table()
    if (this.#below(2) === 0) return this.#subquery(depth)
    const [left, right] = [this.#source(depth - 1), this.#below(2) === 0 ? this.#table() : this.#subquery(depth)]
    const kind = this.#one(['join', 'left join', 'right join', 'full join'])
    const numbers = `${this.#numberColumn(left)} = ${this.#numberColumn(right)}`
    const texts = `${this.#textColumn(left).sql} = ${this.#textColumn(right).sql}`
    const condition = this.#one([numbers, numbers, texts, `${texts} and ${numbers}`])
    return { sql: `${left.sql} ${kind} ${right.sql} on ${condition}`, columns: [...left.columns, ...right.columns] }
  }

  #table(): Source {
    const { name, columns } = this.#one(ORACLE_TABLES)
    const alias = this.#name()
    return {
      sql: `${name} as ${alias}`,
      columns: columns.map((column) => ({
        sql: `${alias}.${column.name}`,
        text: column.type === 'varchar' ? { only: undefined, isUpper: false } : undefined,
      })),
    }
  }

  #subquery(depth: number): Source {
    const alias = this.#name()
    const { sql, c } = this.#nested(depth)
    const columns = ['a', 'b', 'c'].map((name) => ({
      sql: `${alias}.${name}`,
      text: name === 'c' ? { ...c } : undefined,
    }))
    return { sql: `(${sql}) as ${alias}`, columns }
  }

  /** What must be true of every row; it is written before what is made of the rows. */
  #where(source: Source, depth: number): string {
    if (this.#below(2) === 0) return ''
    const text = this.#textColumn(source)
    if (this.#below(3) > 0) return ` where ${this.#condition(source, depth, { ofRows: true })}`
    const equality = this.#equality(text)
    text.text.only = equality.value
    return ` where ${equality.sql}`
  }

  /** A condition of rows says nothing of texts: what it leaves of one would have to be known above. */
  #condition(source: Source, depth: number, { ofRows }: { readonly ofRows: boolean } = { ofRows: false }): string {
    const plain = [
      `${this.#numberColumn(source)} > ${this.#below(4)}`,
      `${this.#numberColumn(source)} is not null`,
      ...(ofRows ? [] : [this.#equality(this.#textColumn(source)).sql]),
    ]
    if (depth <= 0) return this.#one(plain)
    const inner = this.#table()
    const link = `${this.#numberColumn(inner)} = ${this.#numberColumn(source)}`
    return this.#one([
      ...plain,
      `exists (select 1 from ${inner.sql} where ${link})`,
      `${this.#numberColumn(source)} in (select ${this.#numberColumn(inner)} from ${inner.sql}${this.#where(inner, 0)})`,
    ])
  }

  #equality({ sql, text }: Expression): { readonly sql: string; readonly value: string } {
    const letter = this.#one(['a', 'b', 'c'])
    const value = text.only ?? (text.isUpper ? letter.toUpperCase() : letter)
    return { sql: `${sql} = '${value}'`, value }
  }

  #number(source: Source, depth: number): string {
    const column = this.#numberColumn(source)
    const inner = this.#table()
    const link = `${this.#numberColumn(inner)} = ${column}`
    return this.#one([
      column,
      column,
      `${column} + ${this.#numberColumn(source)}`,
      `coalesce(${column}, 0)`,
      `case when ${this.#condition(source, 0)} then ${column} else 7 end`,
      ...(depth > 0 ? [`(select max(${this.#numberColumn(inner)}) from ${inner.sql} where ${link})`] : []),
    ])
  }

  #text(source: Source): Expression {
    const { sql, text } = this.#textColumn(source)
    return this.#one([
      { sql, text },
      { sql, text },
      { sql: `upper(${sql})`, text: { only: text.only?.toUpperCase(), isUpper: true } },
      { sql: `coalesce(${sql}, 'z')`, text },
    ])
  }

  #numberColumn({ columns }: Source): string {
    return this.#one(columns.filter(({ text }) => text === undefined)).sql
  }

  #textColumn({ columns }: Source): Expression {
    return this.#one(columns.flatMap(({ sql, text }) => (text === undefined ? [] : [{ sql, text }])))
  }

  #shuffled<Item>(items: readonly Item[]): readonly Item[] {
    const left = [...items]
    return items.flatMap(() => left.splice(this.#below(left.length), 1))
  }

  #one<Item>(items: readonly Item[]): Item {
    return items[this.#below(items.length)]!
  }

  #name(): string {
    this.#names += 1
    return `r${this.#names}`
  }
}

/** Where an inner query goes. */
function hole(index: number): string {
  return `{query ${index}}`
}

function filled(sql: string, queries: readonly string[]): string {
  return queries.reduce((text, query, index) => text.replace(hole(index), () => query), sql)
}
