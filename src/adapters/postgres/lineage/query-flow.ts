import {
  decideBy,
  derive,
  type Inputs,
  mergeInputs,
  mergeRows,
  NO_INPUTS,
  NO_ROWS,
  type Rows,
  rowsWithout,
  takenBy,
} from '../../../sql/lineage-inputs.ts'
import { inputsOfNumbers, type Numbering } from '../../../sql/numbered-rows.ts'
import { commonTableFlow } from './common-table.ts'
import { derivedFrom, givesRows, inputsOf, keysOf } from './expressions.ts'
import type { Flow, Key, LineageCatalog, Scope } from './flow.ts'
import { entriesOf, findsOne, isSame, JOIN, sourceColumn, sourceKeys } from './keys.ts'
import type { TreeNode } from './node-tree.ts'
import { type EntryFilter, entryFilter, filteredFlow, numberingsIn } from './numbering.ts'
import { entryFlow, unknownFlow } from './range-table.ts'
import { groupingSide, ignoresRepeats } from './repeats.ts'
import { setOperationFlow } from './set-operation.ts'

/** `fetch first … with ties`, as Postgres counts it. */
const WITH_TIES = 1

/** What a query means beside its own tree. */
interface Surroundings {
  readonly outer: Scope | undefined
  readonly catalog: LineageCatalog
  readonly anything: () => Inputs
}

/**
 * What comes out of a query. Everything is looked up when it is asked for, and once: what nobody reads, such as columns of
 * subqueries that no column of the query is made of, counts for nothing.
 */
export function queryFlow(query: TreeNode, surroundings: Surroundings): Flow {
  return new QueryFlow(query, surroundings)
}

class QueryFlow implements Flow, Scope {
  readonly query: TreeNode
  readonly outer: Scope | undefined
  readonly catalog: LineageCatalog
  readonly anything: () => Inputs
  readonly width: number
  readonly #targets: readonly TreeNode[]
  readonly #columns = new Map<number, Inputs>()
  readonly #entries = new Map<number, Flow>()
  readonly #commonTables = new Map<string, Flow>()
  /** Joins that add columns to rows and decide nothing about the rows, with the entries that they add. */
  #adding: readonly AddingJoin[] | undefined
  readonly #added = new Map<TreeNode, Rows>()
  /** The join whose condition is read: only joins in it have been made then. */
  #at: TreeNode | undefined
  #rows: Rows | undefined
  #numbered: { readonly filter?: EntryFilter; readonly flow?: Flow } | undefined
  #numberings: readonly Numbering[] | undefined
  #groupingSide: { readonly found: TreeNode | undefined } | undefined
  #setOperation: Flow | undefined

  constructor(query: TreeNode, { outer, catalog, anything }: Surroundings) {
    this.query = query
    this.outer = outer
    this.catalog = catalog
    this.anything = anything
    this.#targets = query.nodes('targetList').filter((target) => !target.flag('resjunk'))
    this.width = this.#targets.length
    const operation = query.node('setOperations')
    this.#setOperation = operation && setOperationFlow(operation, this)
  }

  column(number: number): Inputs {
    const known = this.#columns.get(number)
    if (known) return known
    const inputs = takenBy(this.#cutBy(number), this.#value(number))
    this.#columns.set(number, inputs)
    return inputs
  }

  /** Before anything is cut away. */
  #value(number: number): Inputs {
    const numbering = this.numberings().find(({ place }) => place === number)
    if (numbering) return inputsOfNumbers(numbering)
    return this.#setOperation?.column(number) ?? inputsOf(this.#targets[number - 1], this)
  }

  keys(): readonly Key[] {
    const compared = this.#numbersOf('distinctClause')
    const own = this.#keysBeforeDistinct()
    return this.query.nodes('distinctClause').length > 0 && compared ? [...own, compared] : own
  }

  #keysBeforeDistinct(): readonly Key[] {
    if (this.query.flag('hasTargetSRFs') || this.query.items('groupingSets').length > 0) return []
    const operation = this.query.node('setOperations')
    if (operation) return operation.flag('all') ? [] : [this.#targets.map((_, index) => index + 1)]
    if (this.query.items('groupClause').length > 0) {
      const groups = this.#numbersOf('groupClause')
      return groups ? [groups] : []
    }
    if (this.query.flag('hasAggs') || this.query.node('havingQual')) return [[]]
    const numbers = this.#targets.map((target) => sourceColumn(target.node('expr'), this.query))
    return sourceKeys(this.query.node('jointree'), this.#keyPlace()).flatMap((key) => {
      const moved = key.map((column) => numbers.findIndex((one) => one && isSame(one, column)) + 1)
      return moved.includes(0) ? [] : [moved]
    })
  }

  /** The columns that a clause refers to; undefined where one of them does not come out. */
  #numbersOf(clause: string): readonly number[] | undefined {
    const numbers = this.query.nodes(clause).map((one) => this.#numberOf(one))
    return numbers.includes(0) ? undefined : numbers
  }

  #numberOf(clause: TreeNode): number {
    const key = clause.number('tleSortGroupRef')
    return this.#targets.findIndex((target) => target.number('ressortgroupref') === key) + 1
  }

  #keyPlace(): Parameters<typeof sourceKeys>[1] {
    return { query: this.query, catalog: this.catalog, keysOf: (entry) => this.#unjoined(entry).keys?.() ?? [] }
  }

  numberings(): readonly Numbering[] {
    this.#numberings ??= numberingsIn(this.#targets, this, (entry) => this.#unjoined(entry).numberings?.() ?? [])
    return this.#numberings
  }

  rows(): Rows {
    this.#rows ??= mergeRows([
      this.#setOperation?.rows() ?? this.#rowsOnce(),
      this.#keys('groupClause', 'grouped'),
      decideBy('filtered', inputsOf(this.query.node('havingQual'), this)),
      this.#leavesOut() ? this.#keys('distinctClause', 'grouped') : NO_ROWS,
      this.#multiplied(),
      this.#cut(),
    ])
    return this.#rows
  }

  /** What decides which rows are read: how often each comes does not matter where it is grouped. */
  #rowsOnce(): Rows {
    const side = this.#side()
    const source = this.query.node('jointree')
    if (!side) return this.#sourceRows(source)
    return mergeRows([this.#sourceRows(side), decideBy('filtered', inputsOf(source?.node('quals'), this))])
  }

  repeats(aggregate: TreeNode): Rows {
    const side = this.#side()
    if (!side || ignoresRepeats(aggregate, side, this)) return NO_ROWS
    return rowsWithout(this.#sourceRows(this.query.node('jointree')), this.#rowsOnce())
  }

  /** The side of a join that alone decides which groups there are. */
  #side(): TreeNode | undefined {
    this.#groupingSide ??= { found: groupingSide(this.query) }
    return this.#groupingSide.found
  }

  order(): Inputs {
    if (this.query.items('sortClause').length > 0) return this.#sortKeys()
    const isMixed = this.query.flag('hasAggs') || this.query.items('groupClause').length > 0
    return isMixed || this.query.items('distinctClause').length > 0 ? NO_INPUTS : this.orderBelow()
  }

  orderBelow(): Inputs {
    return mergeInputs(entriesOf(this.query.node('jointree')).map((number) => this.entry(number).order()))
  }

  entry(number: number): Flow {
    const flow = this.#unjoined(number)
    const joins = this.#addingJoins().filter(({ added }) => added.has(number))
    return joins.length === 0 ? flow : { ...flow, column: (of) => takenBy(this.#joinedBy(joins), flow.column(of)) }
  }

  #unjoined(number: number): Flow {
    const { filter, flow } = this.#filtered()
    return filter?.entry === number && flow ? flow : this.#read(number)
  }

  /** Before any row is filtered. */
  #read(number: number): Flow {
    const known = this.#entries.get(number)
    if (known) return known
    const entry = this.query.list('rtable')[number - 1]
    const flow = entry ? entryFlow(entry, this) : unknownFlow(this)
    this.#entries.set(number, flow)
    return flow
  }

  /** What a filter by numbers leaves of the one entry that there is. */
  #filtered(): { readonly filter?: EntryFilter; readonly flow?: Flow } {
    if (!this.#numbered) {
      const filter = entryFilter(this, (entry) => this.#read(entry).numberings?.() ?? [])
      this.#numbered = filter ? { filter, flow: filteredFlow(this.#read(filter.entry), filter) } : {}
    }
    return this.#numbered
  }

  #joinedBy(joins: readonly AddingJoin[]): Rows {
    const made = joins.filter(({ within }) => this.#at === undefined || within.has(this.#at))
    return mergeRows(made.map(({ join, side }) => this.#addedRows(join, side)))
  }

  /** What decides which row, if any, a join adds. */
  #addedRows(join: TreeNode, side: TreeNode | undefined): Rows {
    const known = this.#added.get(join)
    if (known) return known
    const rows = mergeRows([this.#sourceRows(side), this.#condition(join)])
    this.#added.set(join, rows)
    return rows
  }

  #condition(join: TreeNode): Rows {
    const outer = this.#at
    this.#at = join
    const rows = decideBy('joined', inputsOf(join.node('quals'), this))
    this.#at = outer
    return rows
  }

  #addingJoins(): readonly AddingJoin[] {
    // What stands in the middle of `from` and reads what stands before it is not looked at so closely.
    const isLateral = this.query.nodes('rtable').some((entry) => entry.flag('lateral'))
    this.#adding ??= isLateral ? [] : this.#findAddingJoins(this.query.node('jointree'), [])
    return this.#adding
  }

  #findAddingJoins(source: TreeNode | undefined, around: readonly TreeNode[]): readonly AddingJoin[] {
    if (source?.kind === 'FROMEXPR')
      return source.nodes('fromlist').flatMap((one) => this.#findAddingJoins(one, around))
    if (source?.kind !== 'JOINEXPR') return []
    const below = [source.node('larg'), source.node('rarg')].flatMap((one) =>
      this.#findAddingJoins(one, [...around, source]),
    )
    const side = addedSide(source)
    if (!side || !findsOne(source, side, this.#keyPlace())) return below
    const part = source.node(side)
    return [...below, { join: source, side: part, added: new Set(entriesOf(part)), within: new Set(around) }]
  }

  /** Whether `distinct` may leave out a row. */
  #leavesOut(): boolean {
    const compared = this.#numbersOf('distinctClause')
    const keys = this.#keysBeforeDistinct()
    return !compared || !keys.some((key) => key.every((number) => compared.includes(number)))
  }

  open(query: TreeNode): Flow {
    return queryFlow(query, { outer: this, catalog: this.catalog, anything: this.anything })
  }

  commonTable(name: string): Flow {
    const known = this.#commonTables.get(name)
    if (known) return known
    const table = this.query.nodes('cteList').find((candidate) => candidate.text('ctename') === name)
    if (!table) return unknownFlow(this)
    const flow = commonTableFlow(table, {
      open: (query) => this.open(query),
      meanwhile: (approximation) => void this.#commonTables.set(name, approximation),
    })
    this.#commonTables.set(name, flow)
    return flow
  }

  /** `from` and `where`, with all joins. */
  #sourceRows(source: TreeNode | undefined): Rows {
    switch (source?.kind) {
      case undefined:
        return NO_ROWS
      case 'RANGETBLREF':
        return this.entry(source.number('rtindex')).rows()
      case 'FROMEXPR':
        // What a filter of numbers leaves is what its entry gives.
        if (this.#filtered().filter) return mergeRows(source.nodes('fromlist').map((one) => this.#sourceRows(one)))
        return mergeRows([
          ...source.nodes('fromlist').map((one) => this.#sourceRows(one)),
          decideBy('filtered', inputsOf(source.node('quals'), this)),
        ])
      case 'JOINEXPR': {
        const adding = this.#addingJoins().find(({ join }) => join === source)
        const sides = [source.node('larg'), source.node('rarg')].filter((side) => side !== adding?.side)
        return mergeRows([...sides.map((side) => this.#sourceRows(side)), adding ? NO_ROWS : this.#condition(source)])
      }
      default:
        return decideBy('joined', this.anything())
    }
  }

  #keys(clause: string, how: 'grouped' | 'ordered'): Rows {
    return decideBy(how, this.#keyInputs(clause))
  }

  /** The columns of a set operation are the keys of its order: its target list only names those of its first query. */
  #keyInputs(clause: string): Inputs {
    return this.#inputsOfKeys(this.query.nodes(clause))
  }

  #inputsOfKeys(clauses: readonly TreeNode[]): Inputs {
    if (!this.#setOperation) return keysOf(clauses, this)
    const keys = new Set(clauses.map((one) => one.number('tleSortGroupRef')))
    const numbers = this.#targets.flatMap((target, index) =>
      keys.has(target.number('ressortgroupref')) ? [index + 1] : [],
    )
    return mergeInputs(numbers.map((number) => this.#value(number)))
  }

  #sortKeys(): Inputs {
    return this.#keyInputs('sortClause')
  }

  /** Functions in the select list that give several rows. */
  #multiplied(): Rows {
    if (!this.query.flag('hasTargetSRFs')) return NO_ROWS
    const calls = this.#targets.filter((target) => givesRows(target))
    return decideBy('joined', mergeInputs(calls.map((target) => this.#rowInputs(target))))
  }

  /** The columns of the calls that give rows, and not of what stands beside them in the expression. */
  #rowInputs(expression: TreeNode): Inputs {
    if (expression.flag('funcretset') || expression.flag('opretset')) return derivedFrom([expression], this)
    return derive(
      mergeInputs(
        expression
          .children()
          .filter(givesRows)
          .map((child) => this.#rowInputs(child)),
      ),
    )
  }

  /** `limit` and `offset`. How many rows they leave does not depend on the order, unless ties count as one. */
  #cut(): Rows {
    const limits = [this.query.node('limitCount'), this.query.node('limitOffset')]
    const withTies = this.query.number('limitOption') === WITH_TIES
    return mergeRows([
      decideBy('filtered', derivedFrom(limits, this)),
      withTies ? decideBy('ordered', this.#sortKeys()) : NO_ROWS,
    ])
  }

  /**
   * The order that decides which values `limit`, `offset` and `distinct on` leave in a column. A limit leaves those of a sort
   * key that come first in the order of the keys before it and its own, whatever comes after; what `distinct on` compares
   * is there in any case.
   */
  #cutBy(number: number): Rows {
    const isLimited = this.query.node('limitCount') !== undefined || this.query.node('limitOffset') !== undefined
    const isDistinctOn = this.query.flag('hasDistinctOn')
    if (!isLimited && !isDistinctOn) return NO_ROWS
    const sorted = this.query.nodes('sortClause')
    if (sorted.length === 0) return decideBy('ordered', this.orderBelow())
    const compared = isDistinctOn ? (this.#numbersOf('distinctClause') ?? []) : []
    const own = sorted.findIndex((clause) => this.#numberOf(clause) === number)
    const limiting = isLimited ? (own === -1 ? sorted : sorted.slice(0, own + 1)) : []
    const choosing = isDistinctOn && !compared.includes(number) ? sorted : []
    const keys = [...new Set([...limiting, ...choosing])].filter(
      (clause) => !compared.includes(this.#numberOf(clause)) || isLimited,
    )
    return decideBy('ordered', this.#inputsOfKeys(keys))
  }
}

/** A left or right join whose rows find one partner at most. */
interface AddingJoin {
  readonly join: TreeNode
  /** The side that is added. */
  readonly side: TreeNode | undefined
  /** The entries of the range table on that side. */
  readonly added: ReadonlySet<number>
  /** The joins that it stands in. */
  readonly within: ReadonlySet<TreeNode>
}

function addedSide(join: TreeNode): 'larg' | 'rarg' | undefined {
  const type = join.number('jointype')
  if (type === JOIN.left) return 'rarg'
  return type === JOIN.right ? 'larg' : undefined
}
