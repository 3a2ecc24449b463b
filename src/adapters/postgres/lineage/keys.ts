import type { Key, LineageCatalog } from './flow.ts'
import type { TreeNode } from './node-tree.ts'

/** The kinds of joins, as Postgres counts them. */
export const JOIN = { inner: 0, left: 1, full: 2, right: 3 } as const

/** Types whose values are the same where their bytes are. */
const TEXTS: ReadonlySet<number> = new Set([25, 1043])

/** A column of an entry of the range table. */
export interface SourceColumn {
  readonly entry: number
  readonly column: number
}

/** Columns of what a query reads, of which no two rows have the same values. */
type SourceKey = readonly SourceColumn[]

interface Place {
  readonly query: TreeNode
  readonly catalog: LineageCatalog
  readonly keysOf: (entry: number) => readonly Key[]
}

/** What tells the rows of `from` apart. */
export function sourceKeys(source: TreeNode | undefined, place: Place): readonly SourceKey[] {
  switch (source?.kind) {
    case 'RANGETBLREF': {
      const entry = source.number('rtindex')
      return place.keysOf(entry).map((key) => key.map((column) => ({ entry, column })))
    }
    case 'FROMEXPR':
      return source
        .nodes('fromlist')
        .map((one) => sourceKeys(one, place))
        .reduce(together, [[]])
    case 'JOINEXPR': {
      const [left, right] = [sourceKeys(source.node('larg'), place), sourceKeys(source.node('rarg'), place)]
      const type = source.number('jointype')
      return [
        ...((type === JOIN.inner || type === JOIN.left) && findsOne(source, 'rarg', place) ? left : []),
        ...((type === JOIN.inner || type === JOIN.right) && findsOne(source, 'larg', place) ? right : []),
        ...together(left, right),
      ]
    }
    default:
      return []
  }
}

/** Whether a row of the other side finds one partner at most in this side of a join. */
export function findsOne(join: TreeNode, side: 'larg' | 'rarg', place: Place): boolean {
  const within = new Set(entriesOf(join.node(side)))
  const compared = equalities(join.node('quals'), place).flatMap(([one, other]) => {
    if (one && within.has(one.entry) && !(other && within.has(other.entry))) return [one]
    return other && within.has(other.entry) && !(one && within.has(one.entry)) ? [other] : []
  })
  return tellsApart(sourceKeys(join.node(side), place), compared)
}

/** Whether rows with the same values in these columns are the same row. */
function tellsApart(keys: readonly SourceKey[], columns: readonly SourceColumn[]): boolean {
  return keys.some((key) => key.every((wanted) => columns.some((column) => isSame(column, wanted))))
}

export function isSame(one: SourceColumn, other: SourceColumn): boolean {
  return one.entry === other.entry && one.column === other.column
}

/** The entries of the range table that stand in a part of `from`. */
export function entriesOf(source: TreeNode | undefined): readonly number[] {
  if (source?.kind === 'RANGETBLREF') return [source.number('rtindex')]
  const below = [source?.node('larg'), source?.node('rarg'), ...(source?.nodes('fromlist') ?? [])]
  return below.flatMap((one) => (one ? entriesOf(one) : []))
}

/** The column that an expression is, if it is nothing but a column of this query, under whatever name of a join. */
export function sourceColumn(expression: TreeNode | undefined, query: TreeNode): SourceColumn | undefined {
  const bare = withoutRelabelling(expression)
  if (bare?.kind !== 'VAR' || bare.number('varlevelsup') !== 0 || bare.number('varattno') < 1) return undefined
  const found = { entry: bare.number('varno'), column: bare.number('varattno') }
  const entry = query.list('rtable')[found.entry - 1]
  if (entry?.number('rtekind') !== 2) return found
  return sourceColumn(entry.list('joinaliasvars')[found.column - 1], query)
}

/** Whether a query makes groups of the rows that it reads. */
export function isGrouped(query: TreeNode): boolean {
  return query.items('groupClause').length > 0 || query.flag('hasAggs') || query.node('havingQual') !== undefined
}

/** The conditions that must all hold. */
export function conjuncts(quals: TreeNode | undefined): readonly TreeNode[] {
  if (quals?.kind === 'BOOLEXPR' && quals.text('boolop') === 'and') return quals.nodes('args').flatMap(conjuncts)
  return quals ? [quals] : []
}

/**
 * The columns of what a query reads that are in an expression, each as often as it is; undefined where it reads something else
 * as well: a query in it, the query around, other rows.
 */
export function readBy(expression: TreeNode | undefined, query: TreeNode): readonly SourceColumn[] | undefined {
  if (!expression) return []
  if (NO_ROW_ALONE.has(expression.kind)) return undefined
  if (expression.kind !== 'VAR') return readByAll(expression.children(), query)
  if (expression.number('varlevelsup') !== 0) return undefined
  const found = { entry: expression.number('varno'), column: expression.number('varattno') }
  const entry = query.list('rtable')[found.entry - 1]
  const field = COMPUTED_ENTRIES[entry?.number('rtekind') ?? 0]
  if (!entry || !field) return [found]
  const all = entry.list(field)
  return readByAll(found.column === 0 ? all : [all[found.column - 1]], query)
}

const NO_ROW_ALONE: ReadonlySet<string> = new Set(['SUBLINK', 'AGGREF', 'GROUPINGFUNC', 'WINDOWFUNC'])

/** Entries whose columns are expressions over other entries: joins, and the keys of groups. */
const COMPUTED_ENTRIES: Readonly<Record<number, string>> = { 2: 'joinaliasvars', 9: 'groupexprs' }

/** Of several expressions. */
export function readByAll(
  expressions: readonly (TreeNode | undefined)[],
  query: TreeNode,
): readonly SourceColumn[] | undefined {
  const read = expressions.map((expression) => readBy(expression, query))
  return read.includes(undefined) ? undefined : read.flatMap((columns) => columns ?? [])
}

function withoutRelabelling(expression: TreeNode | undefined): TreeNode | undefined {
  const isText = expression?.kind === 'RELABELTYPE' && TEXTS.has(expression.number('resulttype'))
  return isText ? expression.node('arg') : expression
}

/** The comparisons for equality that must all hold: a column on one side at least, the other undefined where it is a constant. */
function equalities(
  quals: TreeNode | undefined,
  { query, catalog }: Place,
): readonly (readonly [SourceColumn | undefined, SourceColumn | undefined])[] {
  return conjuncts(quals).flatMap((condition): readonly [SourceColumn | undefined, SourceColumn | undefined][] => {
    if (condition.kind !== 'OPEXPR' || !catalog.isEquality(condition.number('opno'))) return []
    const sides = condition.nodes('args')
    const isPlain = sides.every((side) => {
      const bare = withoutRelabelling(side)
      if (bare?.kind === 'CONST') return true
      // A comparison with another collation may find texts equal that a group holds apart.
      return bare?.kind === 'VAR' && bare.number('varcollid') === condition.number('inputcollid')
    })
    return isPlain ? [[sourceColumn(sides[0], query), sourceColumn(sides[1], query)]] : []
  })
}

function together(left: readonly SourceKey[], right: readonly SourceKey[]): readonly SourceKey[] {
  return left.flatMap((key) => right.map((other) => [...key, ...other]))
}
