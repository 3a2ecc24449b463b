import { Random } from '../torture/random.ts'

/** A value as text that the engine casts to the type of its column; null is SQL's. */
export type Cell = string | null
export type Row = readonly Cell[]

/** A table that the oracle fills: small, with values that meet. */
export interface OracleTable {
  /** As queries write it. */
  readonly name: string
  readonly columns: readonly OracleColumn[]
  /** Rows of a project's own, of which the first rounds are made; none where only `values` are known. */
  readonly rows: readonly Row[]
}

export interface OracleColumn {
  readonly name: string
  /** The engine's name of the type. */
  readonly type: string
  /** Values that it may hold. */
  readonly values: readonly Cell[]
}

/** A column of a table, by their numbers. */
export interface Place {
  readonly table: number
  readonly column: number
}

/** Rows for each table, in the order of the tables. */
export type Dataset = readonly (readonly Row[])[]

/** So many rounds use the project's own rows, first all of them and then some; the later ones draw each cell. */
export const OWN_ROUNDS = 4

/** From how many values, and whose, the columns of a dataset are filled. */
interface Style {
  /** Values that columns of one kind have in common. */
  readonly shared: ReadonlyMap<string, readonly Cell[]>
  /**
   * `wide`: any of its values in each cell. `uniform`: all columns take the shared values, so that joins and comparisons meet.
   * `mixed`: each column for itself takes some of the shared values or some of its own.
   */
  readonly kind: 'wide' | 'mixed' | 'uniform'
}

/** How many rows tables have at most. */
const MOST_ROWS: Readonly<Record<Style['kind'], readonly number[]>> = {
  wide: [8, 16],
  mixed: [3, 9],
  uniform: [1, 2, 4, 8],
}

/**
 * Draws datasets and changes of them. What makes a difference is often one combination: a key that is there twice, a value
 * that a filter names, a row that finds no partner. So each round draws for itself how many rows a table has, from which few
 * values its columns are filled, whether columns of different tables share them, and how many are null.
 */
export class DataSource {
  readonly #tables: readonly OracleTable[]
  readonly #pools: ReadonlyMap<string, readonly string[]>
  readonly #seed: number

  /** `queries` are those whose literals columns may hold as well. */
  constructor(tables: readonly OracleTable[], queries: readonly string[], seed: number) {
    this.#tables = tables
    this.#seed = seed
    this.#pools = makePools(tables, queries)
  }

  /** Whether there are rows of a project's own. */
  get hasRows(): boolean {
    return this.#tables.some(({ rows }) => rows.length > 0)
  }

  dataset(round: number): Dataset {
    const random = new Random(this.#seed, 'dataset', round)
    if (round < OWN_ROUNDS && this.hasRows) return this.ownRows(round)
    const style: Style = {
      shared: new Map([...this.#pools].map(([kind, pool]) => [kind, common(kind, pool, random)])),
      kind: random.pick(['wide', 'mixed', 'uniform', 'uniform']),
    }
    return this.#tables.map((table) => this.#draw(table, random, style))
  }

  /**
   * All rows of a project's own, then some of them, and in every other round such that are like another one: they share keys
   * and differ elsewhere, with values that a row has. Tables without any are filled as in other datasets.
   */
  ownRows(round: number): Dataset {
    const random = new Random(this.#seed, 'own rows', round)
    return this.#tables.map((table) => {
      if (table.rows.length === 0) return this.#draw(table, random, { shared: new Map(), kind: 'mixed' })
      if (round === 0) return table.rows
      const rows = Array.from({ length: random.whole(2, 16) }, () => random.pick(table.rows))
      return random.happens(0.5) ? rows : this.#alike(table, rows, random)
    })
  }

  /**
   * A dataset like another one: one or two cells of some columns are others, or a row is there twice or gone. `wanted` are
   * values that had better be other ones.
   */
  neighbour(
    dataset: Dataset,
    { places, wanted }: { readonly places: readonly Place[]; readonly wanted: readonly (readonly [Cell, Cell])[] },
    round: number,
  ): Dataset {
    const random = new Random(this.#seed, 'neighbour', round)
    let next = dataset
    for (let left = random.pick([1, 1, 2]); left > 0; left--) {
      const [from, to] = wanted.length > 0 && random.happens(0.6) ? random.pick(wanted) : []
      const place =
        from === undefined || to === undefined ? undefined : this.#cellOf(next, { places, from, to }, random)
      if (place) {
        const rows = next[place.table]!
        next = next.with(place.table, rows.with(place.row, rows[place.row]!.with(place.column, place.value)))
      } else {
        const { table, column } = random.pick(places)
        next = next.with(table, this.#nudged(next, { table, column }, random))
      }
    }
    return next
  }

  /** A cell that has a value, whatever its case, or null, and can have the other one. */
  #cellOf(
    dataset: Dataset,
    { places, from, to }: { readonly places: readonly Place[]; readonly from: Cell; readonly to: Cell },
    random: Random,
  ): (Place & { readonly row: number; readonly value: Cell }) | undefined {
    const value = random.happens(0.3) ? (to?.toLowerCase() ?? null) : to
    const cells = places.flatMap(({ table, column }) => {
      if (fitting([value], this.#tables[table]!.columns[column]!.type).length === 0) return []
      return dataset[table]!.flatMap((row, index) =>
        row[column]?.toLowerCase() === from?.toLowerCase() ? [{ table, column, row: index, value }] : [],
      )
    })
    return cells.length > 0 ? random.pick(cells) : undefined
  }

  /** Other values in one column; the rows themselves stay. */
  change(dataset: Dataset, place: Place, round: number): readonly Row[] {
    const random = new Random(this.#seed, 'change', round, place.table, place.column)
    const rows = dataset[place.table]!
    const values = rows.map((row) => row[place.column]!)
    const column = this.#tables[place.table]!.columns[place.column]!
    const all = this.#valuesOf(column)
    const drawn = random.happens(0.5) ? few(all, random) : all
    const pool = [...values, ...drawn, ...this.#partners(dataset, column, random)]
    return changed(values, pool, random).map((value, index) => rows[index]!.with(place.column, value))
  }

  #draw(table: OracleTable, random: Random, { shared, kind }: Style): readonly Row[] {
    const size = random.happens(0.04) ? 0 : random.whole(1, random.pick(MOST_ROWS[kind]))
    const columns = table.columns.map((column, index) => {
      const common = fitting(shared.get(kindOf(column.type)) ?? [], column.type)
      const takesCommon = common.length > 0 && (kind === 'uniform' || (kind === 'mixed' && random.happens(0.4)))
      const isKept = kind !== 'uniform' && table.rows.length > 0 && random.happens(0.4)
      const all = random.happens(0.7) && column.values.length > 0 ? column.values : this.#valuesOf(column)
      const values = takesCommon ? common : kind === 'wide' ? all : few(all, random)
      const nulls = random.pick([0, 0, 0, 0.2, 0.5])
      return (row: Row | undefined): Cell => {
        if (random.happens(nulls)) return null
        if (isKept && row) return row[index]!
        return values.length > 0 ? random.pick(values) : null
      }
    })
    return Array.from({ length: size }, () => {
      const row = table.rows.length > 0 ? random.pick(table.rows) : undefined
      return columns.map((draw) => draw(row))
    })
  }

  /** Every second row is like the one before, but for some cells that it keeps, and one column in which every row has any value. */
  #alike({ columns }: OracleTable, rows: readonly Row[], random: Random): readonly Row[] {
    const kept = random.pick([0.15, 0.4, 0.7])
    const free = random.whole(0, columns.length - 1)
    const values = this.#valuesOf(columns[free]!)
    return rows.map((row, index) => {
      const before = index % 2 === 1 ? rows[index - 1]! : row
      const mixed = row.map((cell, column) => (random.happens(kept) ? cell : before[column]!))
      return values.length > 0 ? mixed.with(free, random.pick(values)) : mixed
    })
  }

  #nudged(dataset: Dataset, { table, column }: Place, random: Random): readonly Row[] {
    const rows = dataset[table]!
    const { columns } = this.#tables[table]!
    const index = random.whole(0, rows.length - 1)
    const row = rows[index] ?? columns.map(() => null)
    const kind = random.pick(['cell', 'cell', 'cell', 'cell', 'twice', 'gone'] as const)
    if (kind === 'gone' && rows.length > 0) return rows.toSpliced(index, 1)
    if (kind === 'twice' || rows.length === 0) return [...rows, row]
    const pool = [
      ...few(this.#valuesOf(columns[column]!), random),
      ...this.#partners(dataset, columns[column]!, random),
    ]
    return rows.with(index, row.with(column, pool.length > 0 ? random.pick(pool) : null))
  }

  /** Its own values, and those that columns of the same kind and the queries' literals have. */
  #valuesOf({ type, values }: OracleColumn): readonly Cell[] {
    return [...new Set([...values, ...fitting(this.#pools.get(kindOf(type)) ?? [], type)])]
  }

  /** Now and then what is in the columns that this one may be compared with. */
  #partners(dataset: Dataset, { type }: OracleColumn, random: Random): readonly Cell[] {
    if (random.happens(0.5)) return []
    const present = this.#tables.flatMap(({ columns }, table) =>
      columns.flatMap((other, index) =>
        kindOf(other.type) === kindOf(type) ? dataset[table]!.map((row) => row[index]!) : [],
      ),
    )
    return fitting([...new Set(present)], type)
  }
}

function changed(values: readonly Cell[], pool: readonly Cell[], random: Random): readonly Cell[] {
  if (values.length === 0) return values
  const one = random.whole(0, values.length - 1)
  const other = random.pick(pool)
  switch (random.pick(['redrawn', 'redrawn', 'one', 'one', 'mixed', 'same', 'null', 'one null'] as const)) {
    case 'redrawn':
      return values.map(() => random.pick(pool))
    case 'one':
      return values.with(one, other)
    case 'mixed':
      return shuffled(values, random)
    case 'same':
      return values.map(() => other)
    case 'null':
      return values.map(() => null)
    case 'one null':
      return values.with(one, null)
  }
}

function shuffled(values: readonly Cell[], random: Random): readonly Cell[] {
  const keyed = values.map((value) => ({ value, key: random.fraction() }))
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value)
}

/**
 * Values that all columns of a kind may have in common. Small numbers are also what counts, ranks and row numbers are, and a
 * text meets what `upper` and `lower` make of another one.
 */
function common(kind: string, pool: readonly string[], random: Random): readonly Cell[] {
  const drawn = few(pool, random)
  if (kind === 'number' && random.happens(0.6))
    return random.pick([['1'], ['0'], ['1', '2'], ['0', '1'], ['3', '1'], ['2', '1', '3'], ['4', '3', '2', '1']])
  if (kind === 'text' && random.happens(0.6))
    return drawn.flatMap((value) => (value === null ? [value] : [value.toLowerCase(), value.toUpperCase()]))
  return drawn
}

/** One to four of them. */
function few(pool: readonly Cell[], random: Random): readonly Cell[] {
  if (pool.length === 0) return []
  return Array.from({ length: random.pick([1, 2, 3, 4]) }, () => random.pick(pool))
}

/** Values by kind of type: those of all columns, and the literals of the queries. */
function makePools(tables: readonly OracleTable[], queries: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const pools = new Map<string, Set<string>>()
  const add = (kind: string, value: string) => {
    const pool = pools.get(kind)
    if (pool) pool.add(value)
    else pools.set(kind, new Set([value]))
  }
  for (const { type, values } of tables.flatMap(({ columns }) => columns)) {
    for (const value of values) {
      if (value === null) continue
      add(kindOf(type), value)
      if (kindOf(type) === 'text') add('text', value.toUpperCase())
      if (kindOf(type) === 'time') for (const day of daysAround(value)) add('time', day)
    }
  }
  for (const sql of queries) {
    for (const text of textLiterals(sql)) {
      add('text', text)
      if (/^\d{4}-\d\d-\d\d/.test(text)) for (const day of daysAround(text)) add('time', day)
    }
    for (const number of numberLiterals(sql)) for (const near of [-1, 0, 1]) add('number', String(number + near))
  }
  return new Map([...pools].map(([kind, values]) => [kind, [...values]]))
}

function textLiterals(sql: string): readonly string[] {
  const found = [...sql.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text!.replaceAll("''", "'"))
  return found.flatMap((text) => [text, text.replaceAll('%', '')])
}

/** Small whole numbers. */
function numberLiterals(sql: string): readonly number[] {
  const withoutTexts = sql.replaceAll(/'(?:[^']|'')*'/g, '')
  return [...withoutTexts.matchAll(/(?<![\w.])\d{1,6}(?![\w.])/g)].map(([digits]) => Number(digits))
}

function daysAround(text: string): readonly string[] {
  const time = Date.parse(text.slice(0, 10))
  // The last days of four digits have no day after them that every engine reads.
  if (Number.isNaN(time) || text.startsWith('9999')) return []
  return [-1, 0, 1].map((days) => new Date(time + days * 86_400_000).toISOString().slice(0, 10))
}

/** Types whose values may be put into each other's columns. */
function kindOf(type: string): string {
  const name = type.toLowerCase()
  if (name.endsWith(']') || /[<(]/.test(name.replace(/\([\d, ]*\)/, ''))) return name
  if (/^(tinyint|smallint|integer|bigint|hugeint|u\w*int|decimal|numeric|double|float|real)/.test(name)) return 'number'
  if (/^(varchar|text|character|char)/.test(name)) return 'text'
  if (/^(date|timestamp)/.test(name)) return 'time'
  return name
}

/** Those that the engine can cast to the type. */
function fitting(values: readonly Cell[], type: string): readonly Cell[] {
  const isWhole = /int/i.test(type) && kindOf(type) === 'number'
  const isSmall = /^(tinyint|utinyint)/i.test(type)
  const isDecimal = /^(decimal|numeric)/i.test(type)
  return values.filter((value) => {
    if (value === null) return true
    if (isWhole) return /^-?\d{1,9}$/.test(value) && (!isSmall || /^\d{1,2}$/.test(value))
    return !isDecimal || /^-?\d{1,6}(\.\d{1,2})?$/.test(value)
  })
}
