import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the bare script does. */
export interface Plan {
  readonly database: string
  readonly connections: number
  readonly nodes: readonly PlannedNode[]
  /** Sent in one transaction when every node is built. */
  readonly publication: readonly string[]
}

interface PlannedNode {
  readonly id: string
  readonly parents: readonly string[]
  readonly statements: readonly string[]
}

/** As much of an artifact as is read here. */
interface ManifestFile {
  readonly nodes: Readonly<Record<string, ManifestNode>>
}

interface ManifestNode {
  readonly unique_id: string
  readonly name: string
  readonly schema: string
  readonly resource_type: string
  readonly original_file_path: string
  readonly depends_on: { readonly nodes: readonly string[] }
  readonly compiled_code: string
}

/** The statements of the last run, as `target/run` holds them: a table's first one makes the candidate, the others publish. */
export function planOfLastRun(root: string, database: string, connections: number): Plan {
  const sent = modelsOf(root).map((node) => ({
    node,
    statements: readFileSync(join(root, 'target', 'run', 'shop', node.original_file_path), 'utf8').split(/;\s*\n\n/),
  }))
  return {
    database,
    connections,
    nodes: sent.map(({ node, statements }) => plannedNode(node, statements.slice(0, 1))),
    publication: sent.flatMap(({ statements }) => statements.slice(1)),
  }
}

/** The same models as plain tables: what somebody would write who does not mind that readers see half of a run. */
export function planOfPlainTables(root: string, database: string, connections: number): Plan {
  const nodes = modelsOf(root).map((node) =>
    plannedNode(node, [`create or replace table "${node.schema}"."${node.name}" as\n${node.compiled_code}`]),
  )
  return { database, connections, nodes, publication: [] }
}

/** The queries of the tests of the last run, one after the other. */
export function planOfTests(root: string, database: string): Plan {
  const tests = nodesOf(root).filter((node) => node.resource_type === 'test')
  const statements = tests.map(
    (test) => `select count(*), count(*) != 0, count(*) != 0 from (\n${test.compiled_code}\n) t`,
  )
  return { database, connections: 1, nodes: [{ id: 'tests', parents: [], statements }], publication: [] }
}

export function writePlan(path: string, plan: Plan): string {
  writeFileSync(path, JSON.stringify(plan))
  return path
}

function plannedNode(node: ManifestNode, statements: readonly string[]): PlannedNode {
  return { id: node.unique_id, parents: node.depends_on.nodes, statements }
}

function modelsOf(root: string): readonly ManifestNode[] {
  return nodesOf(root).filter((node) => node.resource_type === 'model')
}

function nodesOf(root: string): readonly ManifestNode[] {
  // Lavra wrote the file: it has this shape.
  const manifest = JSON.parse(readFileSync(join(root, 'target', 'manifest.json'), 'utf8')) as ManifestFile
  return Object.values(manifest.nodes)
}
