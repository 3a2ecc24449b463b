import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { NodeConfig } from '../config/node-config.ts'
import type { GraphNode } from '../manifest/nodes.ts'
import { dataTest, exposure, manifestOf, model, seed, source } from '../test/manifest-fixture.ts'
import { type UniqueId, uniqueId } from '../text/unique-id.ts'
import { graphOf, testEdges } from './from-manifest.ts'
import { type IndirectSelection, select } from './select.ts'
import { parseSelector } from './selector.ts'

// What dbt itself selected, for a project of 42 nodes and 142 selectors, most of them put together at random.
const golden: Golden = JSON.parse(readFileSync(new URL('../test/dbt-selection.json', import.meta.url), 'utf8'))

interface Golden {
  readonly nodes: readonly GoldenNode[]
  readonly cases: readonly {
    readonly select?: readonly string[]
    readonly exclude?: readonly string[]
    readonly indirect: IndirectSelection
    readonly ids: readonly number[]
  }[]
  readonly belowTest: Readonly<Record<UniqueId, readonly number[]>>
}

interface GoldenNode {
  readonly id: UniqueId
  readonly fqn: readonly string[]
  readonly file: string
  readonly patchFile?: string
  readonly tags?: readonly string[]
  readonly materialized?: string
  readonly owner?: string
  readonly test?: string
  readonly severity?: NodeConfig['severity']
  readonly dependsOn?: readonly UniqueId[]
}

const manifest = manifestOf(golden.nodes.map(nodeOf))
const dag = graphOf(manifest)
const idsAt = (indices: readonly number[]) => indices.map((index) => golden.nodes[index]!.id)

describe('selects what dbt selects', () => {
  test.each(golden.cases)('--select $select --exclude $exclude --indirect-selection $indirect', (golden) => {
    const { ids } = select(parseSelector(golden), { manifest, dag, indirect: golden.indirect })
    expect([...ids].sort()).toEqual(idsAt(golden.ids))
  })
})

describe('holds back below a test what dbt holds back', () => {
  // dbt lets a failed test of severity warn hold nothing back when it runs; its edges do not look at the severity.
  const strict = manifestOf(golden.nodes.map((node) => nodeOf(node.severity ? { ...node, severity: 'error' } : node)))
  const build = dag.withEdges(testEdges(dag, strict))

  test.each(Object.keys(golden.belowTest) as UniqueId[])('%s', (id) => {
    expect([...build.descendants(id)].sort()).toEqual(idsAt(golden.belowTest[id]!))
  })
})

function nodeOf(node: GoldenNode): GraphNode {
  const [type = '', , ...names] = node.id.split('.')
  const name = node.fqn.at(-1)!
  const { tags = [], severity = 'error', materialized = 'view', owner } = node
  const config = { tags, severity, meta: owner === undefined ? {} : { owner } }
  const details = { file: node.file, ...(node.patchFile === undefined ? {} : { patchFile: node.patchFile }) }
  const own = { id: node.id, fqn: node.fqn }
  const dependsOn = node.dependsOn ?? []
  switch (type) {
    case 'source':
      return { ...source(names[0]!, name, { config }), ...own }
    case 'exposure':
      return { ...exposure(name, dependsOn, { tags }), ...own, file: { path: node.file, text: '' } }
    case 'seed':
      return { ...seed(name, { ...details, config }), ...own }
    case 'model':
      return { ...model(name, dependsOn, { ...details, config: { ...config, materialized } }), ...own }
    default:
      return { ...dataTest(name, dependsOn, { ...details, config }), ...own, ...genericPart(node) }
  }
}

function genericPart({ test: name, dependsOn }: GoldenNode) {
  if (name === undefined) return {}
  return {
    generic: { name, kwargs: {}, attachedTo: dependsOn!.at(-1)!, macro: uniqueId('macro', 'dbt', `test_${name}`) },
  }
}
