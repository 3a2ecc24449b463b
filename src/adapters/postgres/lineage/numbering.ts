import { mergeInputs, orderedBy, type SortKey } from '../../../sql/lineage-inputs.ts'
import {
  type NumberFilter,
  type Numbering,
  numberedRows,
  numberFilterOf,
  numberingThrough,
  seenBeside,
} from '../../../sql/numbered-rows.ts'
import { keysOf } from './expressions.ts'
import type { Flow, Scope } from './flow.ts'
import { conjuncts, isGrouped, isSame, readBy, type SourceColumn, sourceColumn } from './keys.ts'
import type { TreeNode } from './node-tree.ts'

const ROW_NUMBER = 3100

/** The built-in collations `default`, `C` and `POSIX`, and none: what is equal by them is the same text. */
const EXACT_COLLATIONS: ReadonlySet<number> = new Set([0, 100, 950, 951])

/** What a window groups or sorts its rows by. */
interface WindowKey extends SortKey {
  /** The column of what the query reads that it is, if it is one; its place is that of what the query gives. */
  readonly column: SourceColumn | undefined
}

/**
 * The columns of a query that number rows: its own windows, if nothing happens to the rows behind them, and those of the one
 * entry that it reads whole.
 */
export function numberingsIn(
  targets: readonly TreeNode[],
  scope: Scope,
  ofEntry: (entry: number) => readonly Numbering[],
): readonly Numbering[] {
  const { query } = scope
  const isCut = query.node('limitCount') !== undefined || query.node('limitOffset') !== undefined
  const isOther = query.flag('hasTargetSRFs') || query.items('distinctClause').length > 0
  if (query.node('setOperations') || isCut || isOther) return []
  const [only, ...others] = query.node('jointree')?.nodes('fromlist') ?? []
  const isWhole = others.length === 0 && !query.node('jointree')?.node('quals') && !isGrouped(query)
  const below = isWhole && only?.kind === 'RANGETBLREF' ? ofEntry(only.number('rtindex')) : []
  return [...ownNumberings(targets, scope), ...selectedNumberings(below, targets, query)]
}

function ownNumberings(targets: readonly TreeNode[], scope: Scope): readonly Numbering[] {
  return targets.flatMap((target, index): readonly Numbering[] => {
    const call = target.node('expr')
    if (call?.kind !== 'WINDOWFUNC' || call.number('winfnoid') !== ROW_NUMBER) return []
    const window = scope.query.nodes('windowClause').find((clause) => clause.number('winref') === call.number('winref'))
    if (!window) return []
    const numbering = { place: index + 1, ...numberedBy(window, targets, scope) }
    return [
      seenBeside(
        numbering,
        targets.flatMap((_, other) => (other === index ? [] : [[other + 1]])),
      ),
    ]
  })
}

function numberedBy(window: TreeNode, targets: readonly TreeNode[], scope: Scope): Omit<Numbering, 'place'> {
  const keysIn = (clause: string) => window.nodes(clause).map((one) => windowKey(one, targets, scope))
  const partitions = keysIn('partitionClause')
  const sorted = keysIn('orderClause')
  const unsorted = { column: undefined, place: undefined, inputs: scope.orderBelow() }
  const order = sorted.length > 0 ? sorted : [unsorted]
  const isMadeOf = (keys: readonly WindowKey[], place: number) =>
    keys.some((key) => key.place === place) ||
    (readBy(targets[place - 1], scope.query)?.every((read) =>
      keys.some(({ column }) => column && isSame(column, read)),
    ) ??
      false)
  const places = targets.map((_, index) => index + 1)
  const key = partitions.flatMap(({ place }) => place ?? [])
  return {
    groups: new Set(places.filter((place) => isMadeOf(partitions, place))),
    key: key.length === partitions.length ? key : undefined,
    inputs: mergeInputs(partitions.map(({ inputs }) => inputs)),
    order: orderedBy(order),
    choices: new Map(
      places.map((place) => {
        const needed = [...order.keys()].find((last) => isMadeOf([...partitions, ...order.slice(0, last + 1)], place))
        return [place, orderedBy(needed === undefined ? order : order.slice(0, needed + 1))]
      }),
    ),
  }
}

function windowKey(clause: TreeNode, targets: readonly TreeNode[], scope: Scope): WindowKey {
  const reference = clause.number('tleSortGroupRef')
  const isMeant = (target: TreeNode) => target.number('ressortgroupref') === reference
  const expression = scope.query.nodes('targetList').find(isMeant)?.node('expr')
  const bare =
    expression?.kind === 'COLLATEEXPR' && isExact(expression.number('collOid')) ? expression.node('arg') : expression
  const isTold = bare?.kind !== 'VAR' || isExact(bare.number('varcollid'))
  const place = targets.findIndex(isMeant) + 1
  return {
    column: isTold ? sourceColumn(bare, scope.query) : undefined,
    place: isTold && place > 0 ? place : undefined,
    inputs: keysOf([clause], scope),
  }
}

/** Whether texts that are equal by a collation are the same text. */
function isExact(collation: number): boolean {
  return EXACT_COLLATIONS.has(collation)
}

function selectedNumberings(
  numberings: readonly Numbering[],
  targets: readonly TreeNode[],
  query: TreeNode,
): readonly Numbering[] {
  if (numberings.length === 0) return []
  const origins = targets.map((target, index) => ({
    place: index + 1,
    from: sourceColumn(target.node('expr'), query)?.column,
    read: readBy(target, query)?.map(({ column }) => column),
  }))
  const read = origins.map((origin) => origin.read)
  return numberings.flatMap((numbering) => numberingThrough(seenBeside(numbering, read), origins))
}

/** A filter by the numbers of one entry of the range table. */
export interface EntryFilter extends NumberFilter {
  readonly entry: number
}

/** The filter of a query that reads one entry; undefined where it asks for no number. */
export function entryFilter(
  scope: Scope,
  numberingsOf: (entry: number) => readonly Numbering[],
): EntryFilter | undefined {
  const source = scope.query.node('jointree')
  const [only, ...others] = source?.nodes('fromlist') ?? []
  const predicates = conjuncts(source?.node('quals'))
  if (only?.kind !== 'RANGETBLREF' || others.length > 0 || predicates.length === 0) return undefined
  const entry = only.number('rtindex')
  const numberings = numberingsOf(entry)
  if (numberings.length === 0) return undefined
  const read = predicates.map((predicate) => ({
    predicate,
    read: readBy(predicate, scope.query)?.map(({ column }) => column),
  }))
  const filter = numberFilterOf(numberings, read, (predicate, place) => isOneNumber(predicate, place, scope))
  return filter && { ...filter, entry }
}

/** What such a filter leaves of the entry. */
export function filteredFlow(flow: Flow, filter: EntryFilter): Flow {
  const below = { rows: flow.rows(), column: (place: number) => flow.column(place) }
  const { rows, column, keys } = numberedRows(below, filter)
  return { ...flow, column, rows: () => rows, keys: () => [...(flow.keys?.() ?? []), ...keys], numberings: () => [] }
}

/** Whether a predicate holds for one number only: `= 1`. */
function isOneNumber(predicate: TreeNode, place: number, { query, catalog }: Scope): boolean {
  if (predicate.kind !== 'OPEXPR' || !catalog.isEquality(predicate.number('opno'))) return false
  const sides = predicate.nodes('args')
  return sides.some((side) => sourceColumn(side, query)?.column === place) && sides.some(({ kind }) => kind === 'CONST')
}
