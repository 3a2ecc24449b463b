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

function withoutRelabelling(expression: TreeNode | undefined): TreeNode | undefined {
  const isText = expression?.kind === 'RELABELTYPE' && TEXTS.has(expression.number('resulttype'))
  return isText ? expression.node('arg') : expression
}

/** The comparisons for equality that must all hold: a column on one side at least, the other undefined where it is a constant. */
function equalities(
  quals: TreeNode | undefined,
  { query, catalog }: Place,
): readonly (readonly [SourceColumn | undefined, SourceColumn | undefined])[] {
  if (quals?.kind === 'BOOLEXPR' && quals.text('boolop') === 'and') {
    return quals.nodes('args').flatMap((part) => equalities(part, { query, catalog, keysOf: () => [] }))
  }
  if (quals?.kind !== 'OPEXPR' || !catalog.isEquality(quals.number('opno'))) return []
  const sides = quals.nodes('args')
  const isPlain = sides.every((side) => {
    const bare = withoutRelabelling(side)
    // A comparison with another collation may find texts equal that a group holds apart.
    return bare?.kind === 'CONST' || (bare?.kind === 'VAR' && bare.number('varcollid') === quals.number('inputcollid'))
  })
  return isPlain ? [[sourceColumn(sides[0], query), sourceColumn(sides[1], query)]] : []
}

function together(left: readonly SourceKey[], right: readonly SourceKey[]): readonly SourceKey[] {
  return left.flatMap((key) => right.map((other) => [...key, ...other]))
}
