import {
  decideBy,
  derive,
  type Inputs,
  mergeInputs,
  mergeRows,
  NO_INPUTS,
  NO_ROWS,
  type Rows,
} from '../../../sql/lineage-inputs.ts'
import { commonTableFlow } from './common-table.ts'
import { derivedFrom, givesRows, inputsOf, keysOf } from './expressions.ts'
import type { Flow, LineageCatalog, Scope } from './flow.ts'
import type { TreeNode } from './node-tree.ts'
import { entryFlow, unknownFlow } from './range-table.ts'
import { setOperationFlow } from './set-operation.ts'

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
  #rows: Rows | undefined
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
    const inputs = this.#setOperation?.column(number) ?? inputsOf(this.#targets[number - 1], this)
    this.#columns.set(number, inputs)
    return inputs
  }

  rows(): Rows {
    this.#rows ??= mergeRows([
      this.#setOperation?.rows() ?? this.#sourceRows(this.query.node('jointree')),
      this.#keys('groupClause', 'grouped'),
      decideBy('filtered', inputsOf(this.query.node('havingQual'), this)),
      this.#keys('distinctClause', 'grouped'),
      this.#multiplied(),
      this.#cut(),
    ])
    return this.#rows
  }

  order(): Inputs {
    if (this.query.items('sortClause').length > 0) return this.#sortKeys()
    const isMixed = this.query.flag('hasAggs') || this.query.items('groupClause').length > 0
    return isMixed || this.query.items('distinctClause').length > 0 ? NO_INPUTS : this.orderBelow()
  }

  orderBelow(): Inputs {
    return mergeInputs(this.#sources(this.query.node('jointree')).map((number) => this.entry(number).order()))
  }

  entry(number: number): Flow {
    const known = this.#entries.get(number)
    if (known) return known
    const entry = this.query.list('rtable')[number - 1]
    const flow = entry ? entryFlow(entry, this) : unknownFlow(this)
    this.#entries.set(number, flow)
    return flow
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
        return mergeRows([
          ...source.nodes('fromlist').map((one) => this.#sourceRows(one)),
          decideBy('filtered', inputsOf(source.node('quals'), this)),
        ])
      case 'JOINEXPR':
        return mergeRows([
          this.#sourceRows(source.node('larg')),
          this.#sourceRows(source.node('rarg')),
          decideBy('joined', inputsOf(source.node('quals'), this)),
        ])
      default:
        return decideBy('joined', this.anything())
    }
  }

  /** The numbers of what is read in `from`. */
  #sources(source: TreeNode | undefined): readonly number[] {
    if (source?.kind === 'RANGETBLREF') return [source.number('rtindex')]
    const below = [source?.node('larg'), source?.node('rarg'), ...(source?.nodes('fromlist') ?? [])]
    return below.flatMap((one) => (one ? this.#sources(one) : []))
  }

  #keys(clause: string, how: 'grouped' | 'ordered'): Rows {
    return decideBy(how, this.#keyInputs(clause))
  }

  /** The columns of a set operation are the keys of its order: its target list only names those of its first query. */
  #keyInputs(clause: string): Inputs {
    const clauses = this.query.nodes(clause)
    if (!this.#setOperation) return keysOf(clauses, this)
    const keys = new Set(clauses.map((one) => one.number('tleSortGroupRef')))
    const numbers = this.#targets.flatMap((target, index) =>
      keys.has(target.number('ressortgroupref')) ? [index + 1] : [],
    )
    return mergeInputs(numbers.map((number) => this.column(number)))
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

  /** `limit`, `offset` and `distinct on`: which rows stay depends on the order. */
  #cut(): Rows {
    const limits = [this.query.node('limitCount'), this.query.node('limitOffset')]
    const isCut = this.query.flag('hasDistinctOn') || limits.some((limit) => limit !== undefined)
    if (!isCut) return NO_ROWS
    const isSorted = this.query.items('sortClause').length > 0
    return mergeRows([
      decideBy('filtered', derivedFrom(limits, this)),
      decideBy('ordered', isSorted ? this.#sortKeys() : this.orderBelow()),
    ])
  }
}
