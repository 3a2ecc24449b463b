import { type Connection, DatabaseError } from '../../adapters/adapter.ts'
import { Random } from '../torture/random.ts'
import {
  type Cell,
  DataSource,
  type Dataset,
  type OracleTable,
  OWN_ROUNDS,
  type Place,
  type Row,
} from './oracle-data.ts'

import { asMultiset, cellOf, countSame, differs, type Rows, touchedValues, written } from './rows.ts'
import { creation } from './table-sql.ts'

/** A query, and what its lineage says of it. */
export interface Subject {
  /** What reports call it. */
  readonly name: string
  readonly sql: string
  readonly outputs: readonly string[]
  /** Queries in it that compare their rows with each other's: data in which they have some in common say more. */
  readonly comparisons: readonly (readonly [left: string, right: string])[]
  /** How an output claims a column; undefined where it does not. */
  readonly claims: (claim: {
    readonly output: number
    readonly table: string
    readonly column: string
  }) => How | undefined
}

/**
 * `copy` for an output that is the column itself and whose rows do not depend on it, `value` for what else values are made of,
 * `influence` for what decides about rows, `all` where lineage names no column.
 */
export type How = 'copy' | 'value' | 'influence' | 'all'

/** An output and a column of which it may be made. */
export interface Pair {
  readonly subject: string
  readonly output: string
  readonly input: string
  readonly how: How
}

export interface OracleReport {
  /** Outputs that changed with a column that they do not claim, as sentences. */
  readonly misses: readonly string[]
  /** Queries that do not give the same twice, or fail on all data: nothing can be said of them. */
  readonly undecided: readonly string[]
  readonly outputs: number
  readonly claimed: readonly Pair[]
  /** Claims of which no change has shown that they matter. */
  readonly notShown: readonly Pair[]
}

export interface Question {
  readonly connection: Connection
  readonly tables: readonly OracleTable[]
  readonly subjects: readonly Subject[]
  readonly seed: number
  readonly budget: Budget
  /** Whether the tables are temporary ones; else they lie in the schema that unqualified names mean. */
  readonly isTemporary?: boolean
}

/** Where to stop although claims are not shown. */
export interface Budget {
  /** Datasets in which every column of every table is changed. */
  readonly whole: number
  /** Further datasets in which columns with a claim that is not shown are changed. */
  readonly common: number
  /** Further datasets for each query that has such claims, in the neighbourhood of those in which it gives rows. */
  readonly own: number
}

/**
 * Asks the data whether lineage is right. In one dataset after the other the values of one column are changed. Two things can
 * be seen then. The outputs that do not claim the column must stay as they are, row by row: the rows without the other outputs
 * are the same multiset; if not, the lineage misses something. And a claim is shown to matter when the output, alone or beside
 * those that do not claim the column, is another multiset.
 *
 * The same for the same seed. The tables are made anew, and queries must be deterministic.
 */
export async function askTheData(question: Question): Promise<OracleReport> {
  return await new Oracle(question).ask()
}

interface Column extends Place {
  readonly name: string
}

interface Watched {
  readonly subject: Subject
  /** How each output claims each column, by the column's name. */
  readonly claims: ReadonlyMap<string, readonly (How | undefined)[]>
  /** The outputs whose claim is not shown yet, by the column's name; those that are empty are gone. */
  readonly open: Map<string, Set<number>>
  readonly reads: readonly boolean[]
  hasAnswered: boolean
}

interface Change {
  readonly column: Column
  readonly before: Rows
  readonly after: Rows
  /** The values that some row had and has not any more, or has got. */
  readonly touched: ReadonlySet<string>
}

/** How near rows that are compared come to each other, and which value would have to become which other one. */
interface Closeness {
  readonly score: number
  readonly wanted: readonly (readonly [Cell, Cell])[]
}

/** A dataset that is looked at. */
interface Look {
  readonly round: number
  readonly dataset: Dataset
  readonly data: DataSource
  /** Whether every column is changed, or only those with a claim that is not shown. */
  readonly isWhole: boolean
}

/** So many neighbours are tried for rows that meet. */
const MOST_STEPS = 150

class Oracle {
  readonly #question: Question
  readonly #columns: readonly Column[]
  readonly #watched: Watched[]
  readonly #misses = new Set<string>()
  readonly #undecided = new Set<string>()
  /** What is in the tables. */
  readonly #filled: (string | undefined)[] = []

  constructor(question: Question) {
    this.#question = question
    const { tables, subjects } = question
    this.#columns = tables.flatMap(({ name, columns }, table) =>
      columns.map((column, index) => ({ table, column: index, name: `${name}.${column.name}` })),
    )
    this.#watched = subjects.map((subject) => watch(subject, tables, this.#columns))
  }

  async ask(): Promise<OracleReport> {
    const { tables, subjects, seed, budget } = this.#question
    const data = new DataSource(
      tables,
      subjects.map(({ sql }) => sql),
      seed,
    )
    for (let round = 0; round < budget.whole + budget.common; round++) {
      const isWhole = round < budget.whole
      const active = this.#watched.filter(
        (one) => !this.#undecided.has(one.subject.name) && (isWhole || one.open.size > 0),
      )
      if (active.length === 0) break
      await this.#lookAt({ round, dataset: data.dataset(round), data, isWhole }, active)
    }
    for (const watched of this.#watched) if (watched.open.size > 0) await this.#lookCloser(watched)
    const decided = this.#watched.filter(({ subject, hasAnswered }) => {
      if (!hasAnswered) this.#undecided.add(subject.name)
      return !this.#undecided.has(subject.name)
    })
    return {
      misses: [...this.#misses],
      undecided: [...this.#undecided],
      outputs: decided.reduce((sum, { subject }) => sum + subject.outputs.length, 0),
      claimed: decided.flatMap((watched) => pairsOf(watched, () => true)),
      notShown: decided.flatMap((watched) =>
        pairsOf(watched, (name, output) => watched.open.get(name)?.has(output) ?? false),
      ),
    }
  }

  /** Data for one query: its literals, and datasets like those in which it gave rows. */
  async #lookCloser(watched: Watched): Promise<void> {
    const { tables, seed, budget } = this.#question
    const data = new DataSource(tables, [watched.subject.sql], seed + 1)
    const places = placesOf(watched, this.#columns)
    const known: Dataset[] = []
    for (let round = 0; round < budget.own && watched.open.size > 0; round++) {
      if (watched.subject.comparisons.length > 0 && round % 16 === 0) {
        known.push(await this.#whereRowsMeet(watched, data, round * 1000))
      }
      const dataset = datasetNear(known, { data, places, round })
      const before = await this.#lookAt({ round: round + 1, dataset, data, isWhole: false }, [watched])
      if ((before.get(watched)?.length ?? 0) > 0 && known.length < 24) known.push(dataset)
    }
  }

  /** From one dataset to a better neighbour, until the rows that are compared have some in common. */
  async #whereRowsMeet(watched: Watched, data: DataSource, from: number): Promise<Dataset> {
    const { comparisons } = watched.subject
    const places = placesOf(watched, this.#columns)
    const random = new Random(this.#question.seed, from)
    let best = data.dataset(from + OWN_ROUNDS)
    let now = await this.#closeness(watched, best, random)
    for (let step = 1; step <= MOST_STEPS && now.score < comparisons.length; step++) {
      const isLost = step % 30 === 0 && now.score < comparisons.length / 2
      const next = isLost
        ? data.dataset(from + step + OWN_ROUNDS)
        : data.neighbour(best, { places, wanted: now.wanted }, from + step)
      const closeness = await this.#closeness(watched, next, random)
      if (closeness.score < now.score) continue
      best = next
      now = closeness
    }
    return best
  }

  /** How near the queries that are compared come to having a row in common: 1 for each that have. */
  async #closeness(watched: Watched, dataset: Dataset, random: Random): Promise<Closeness> {
    await this.#fill(dataset, [watched])
    let score = 0
    const wanted: (readonly [Cell, Cell])[] = []
    for (const [left, right] of watched.subject.comparisons) {
      const [ours = [], theirs = []] = [await this.#answer(left), await this.#answer(right)]
      const pairs = ours.flatMap((row) => theirs.map((other) => ({ row, other, same: countSame(row, other) })))
      const most = Math.max(...pairs.map(({ same }) => same))
      const nearest = pairs.length > 0 ? random.pick(pairs.filter(({ same }) => same === most)) : undefined
      if (!nearest) {
        score += ours.length + theirs.length > 0 ? 0.1 : 0
        continue
      }
      score += (nearest.same + 1) / (nearest.row.length + 1)
      for (const [place, value] of nearest.row.entries()) {
        const other = nearest.other[place]!
        if (value !== other) wanted.push([cellOf(value), cellOf(other)], [cellOf(other), cellOf(value)])
      }
    }
    return { score, wanted }
  }

  async #fill(dataset: Dataset, active: readonly Watched[]): Promise<boolean> {
    for (const [table, rows] of dataset.entries()) {
      if (active.some(({ reads }) => reads[table]) && !(await this.#put(table, rows))) return false
    }
    return true
  }

  /** Gives a table these rows, if it has not got them. False where the engine does not take a value. */
  async #put(table: number, rows: readonly Row[]): Promise<boolean> {
    const { tables, connection, isTemporary = false } = this.#question
    const now = JSON.stringify(rows)
    if (this.#filled[table] === now) return true
    this.#filled[table] = undefined
    try {
      await connection.execute(creation(tables[table]!, { rows, isTemporary }))
    } catch (error) {
      if (error instanceof DatabaseError && rows.length > 0) return false
      throw error
    }
    this.#filled[table] = now
    return true
  }

  async #lookAt(look: Look, active: readonly Watched[]): Promise<ReadonlyMap<Watched, Rows>> {
    const { round, dataset, isWhole } = look
    const before = new Map<Watched, Rows>()
    if (!(await this.#fill(dataset, active))) return before
    for (const watched of active) {
      const rows = await this.#rowsOf(watched)
      if (rows) before.set(watched, rows)
    }
    if (round === 0) await this.#askAgain(before)
    for (const [index, column] of this.#columns.entries()) {
      // The change before may have been one of another table.
      const last = this.#columns[index - 1]
      if (last && last.table !== column.table && active.some(({ reads }) => reads[last.table])) {
        await this.#put(last.table, dataset[last.table]!)
      }
      const concerned = [...before].filter(([watched]) =>
        isWhole ? watched.reads[column.table] : watched.open.has(column.name),
      )
      if (concerned.length > 0) await this.#changeColumn(look, column, concerned)
    }
    return before
  }

  /** What does not give the same twice says nothing. */
  async #askAgain(before: Map<Watched, Rows>): Promise<void> {
    for (const [watched, rows] of before) {
      const again = await this.#rowsOf(watched)
      if (again && asMultiset(again) === asMultiset(rows)) continue
      this.#undecided.add(watched.subject.name)
      before.delete(watched)
    }
  }

  async #changeColumn(
    { round, dataset, data }: Look,
    column: Column,
    concerned: readonly (readonly [Watched, Rows])[],
  ): Promise<void> {
    const rows = data.change(dataset, column, round)
    if (JSON.stringify(rows) === JSON.stringify(dataset[column.table])) return
    const touched = touchedValues(dataset[column.table]!, rows, column.column)
    if (!(await this.#put(column.table, rows))) return
    for (const [watched, before] of concerned) {
      const after = await this.#rowsOf(watched)
      if (after) this.#compare(watched, { column, before, after, touched })
    }
  }

  #compare({ subject, claims, open }: Watched, { column: { name }, before, after, touched }: Change): void {
    const hows = claims.get(name)!
    const others = hows.flatMap((how, output) => (how === undefined ? [output] : []))
    if (others.length > 0 && differs(before, after, others)) {
      const alone = others.filter((output) => differs(before, after, [output]))
      const named = (alone.length > 0 ? alone : others).map((output) => subject.outputs[output]).join(', ')
      this.#misses.add(`${subject.name}: ${named} changed with ${name}`)
      return
    }
    const left = open.get(name)
    if (!left) return
    const copies = hows.flatMap((how, output) => (how === 'copy' ? [output] : []))
    for (const output of left) {
      const isShown =
        differs(before, after, [output]) ||
        (others.length > 0 && differs(before, after, [...others, output])) ||
        copies.some((copy) => {
          const untouched = (rows: Rows) => rows.filter((row) => !touched.has(row[copy]!))
          return copy !== output && differs(untouched(before), untouched(after), [...others, copy, output])
        })
      if (isShown) left.delete(output)
    }
    if (left.size === 0) open.delete(name)
  }

  async #rowsOf(watched: Watched): Promise<Rows | undefined> {
    const rows = await this.#answer(watched.subject.sql)
    if (rows) watched.hasAnswered = true
    return rows
  }

  /** Undefined where the query refuses the data. */
  async #answer(sql: string): Promise<Rows | undefined> {
    try {
      const { rows } = await this.#question.connection.query(sql)
      return rows.map((row) => row.map(written))
    } catch (error) {
      if (error instanceof DatabaseError) return undefined
      throw error
    }
  }
}

/** By turns rows of the project's own, a dataset that gave rows, one that is like it, and a new one. */
function datasetNear(
  known: readonly Dataset[],
  { data, places, round }: { readonly data: DataSource; readonly places: readonly Place[]; readonly round: number },
): Dataset {
  const turn = Math.floor(round / 2)
  if (data.hasRows && round % 2 === 0) return data.ownRows(round + 1)
  const near = known[turn % known.length]
  if (!near || turn % 3 === 2) return data.dataset(round + OWN_ROUNDS)
  return turn % 2 === 0 ? near : data.neighbour(near, { places, wanted: [] }, round)
}

function watch(subject: Subject, tables: readonly OracleTable[], columns: readonly Column[]): Watched {
  const claims = new Map(
    columns.map(({ name, table, column }) => [
      name,
      subject.outputs.map((_, output) =>
        subject.claims({ output, table: tables[table]!.name, column: tables[table]!.columns[column]!.name }),
      ),
    ]),
  )
  const open = new Map(
    [...claims].flatMap(([name, hows]): readonly [string, Set<number>][] => {
      const outputs = hows.flatMap((how, output) => (how === undefined ? [] : [output]))
      return outputs.length > 0 ? [[name, new Set(outputs)]] : []
    }),
  )
  // A query that does not name a table cannot read it.
  const reads = tables.map(({ name }) => subject.sql.includes(name))
  return { subject, claims, open, reads, hasAnswered: false }
}

/** The columns that some output claims. */
function placesOf({ claims }: Watched, columns: readonly Column[]): readonly Column[] {
  return columns.filter(({ name }) => claims.get(name)?.some((how) => how !== undefined))
}

function pairsOf({ subject, claims }: Watched, isMeant: (name: string, output: number) => boolean): readonly Pair[] {
  return [...claims].flatMap(([input, hows]) =>
    hows.flatMap((how, output): readonly Pair[] =>
      how !== undefined && isMeant(input, output)
        ? [{ subject: subject.name, output: subject.outputs[output]!, input, how }]
        : [],
    ),
  )
}
