import { expect, test } from 'vitest'
import { writeLineage } from '../../../test/lineage/written-lineage.ts'
import type { LineageCatalog } from './flow.ts'
import { parseNodeTree, type TreeNode } from './node-tree.ts'
import { lineageOfTree } from './query-lineage.ts'

const catalog: LineageCatalog = {
  relation: () => ({ schema: 'main', name: 'orders', columns: new Map([[1, 'id']]) }),
  ignoresOrder: () => false,
  ignoresRepeats: () => false,
  isEquality: () => false,
}

test('reads names with anything in them, bytes and nothing', () => {
  const tree = parseNodeTree(
    '({CTE :ctename :a\\ \\(b\\)\\" :names ("x\\ y" "") :constvalue 4 [ 1 0 0 0 ] :types (o 23 25) :flag true :none <>})',
  )
  const node = (tree as readonly TreeNode[])[0]!
  expect(node.kind).toBe('CTE')
  expect(node.text('ctename')).toBe(':a (b)"')
  expect(node.items('names')).toEqual(['x y', ''])
  expect(node.text('constvalue')).toBe('4')
  expect(node.items('types')).toEqual(['o', '23', '25'])
  expect([node.flag('flag'), node.text('none')]).toEqual([true, undefined])
})

test('says "some columns" of every relation where a kind of relation is not known', () => {
  const lineage = lineageOfTree(
    parseNodeTree(`({QUERY
      :rtable ({RANGETBLENTRY :rtekind 42} {RANGETBLENTRY :rtekind 0 :relid 7})
      :jointree {FROMEXPR :fromlist ({RANGETBLREF :rtindex 1}) :quals <>}
      :targetList ({TARGETENTRY :expr {VAR :varno 1 :varattno 1 :varlevelsup 0} :resno 1 :resjunk false})})`),
    ['id'],
    catalog,
  )
  expect(lineage && writeLineage(lineage)).toEqual({ columns: { id: '~orders.*' }, rows: 'joined orders.*' })
})
