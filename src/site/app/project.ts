import { createDag, type Dag } from '../../graph/dag.ts'
import type { SiteDashboard, SiteIndex, SiteNode } from '../site-data.ts'

/** The index with what is asked of it often. */
export interface Project {
  readonly index: SiteIndex
  readonly nodes: readonly SiteNode[]
  readonly numberOf: ReadonlyMap<string, number>
  /** By number. */
  readonly children: readonly (readonly number[])[]
  readonly dag: Dag<string>
  readonly tags: readonly string[]
  /** `models`, `models/gold`, …: every folder that holds something. */
  readonly folders: readonly string[]
}

export function readProject(index: SiteIndex): Project {
  const { nodes } = index
  const children: number[][] = nodes.map(() => [])
  for (const [number, { parents }] of nodes.entries()) for (const parent of parents) children[parent]!.push(number)
  return {
    index,
    nodes,
    numberOf: new Map(nodes.map(({ id }, number) => [id, number])),
    children,
    dag: createDag(
      nodes.map(({ id }) => id),
      nodes.flatMap(({ id, parents }) => parents.map((parent): [string, string] => [nodes[parent]!.id, id])),
    ),
    tags: distinct(nodes.flatMap(({ tags }) => tags)),
    folders: distinct(nodes.flatMap(({ path }) => foldersOf(path))),
  }
}

/** A dashboard by the name of its exposure, or by its id where two packages have one name. */
export function findDashboard({ index, nodes }: Project, name: string): SiteDashboard | undefined {
  const named = index.dashboards.find(({ node }) => nodes[node]!.name === name)
  return named ?? index.dashboards.find(({ node }) => nodes[node]!.id === name)
}

/** The name that the address of a dashboard has. */
export function dashboardName({ index, nodes }: Project, { node }: SiteDashboard): string {
  const { id, name } = nodes[node]!
  return index.dashboards.find((each) => nodes[each.node]!.name === name)?.node === node ? name : id
}

/** `models/gold/orders.sql` lies in `models` and in `models/gold`. */
export function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort((a, b) => a.localeCompare(b))
}
