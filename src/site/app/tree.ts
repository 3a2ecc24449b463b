import type { SiteNode } from '../site-data.ts'

/** A folder of the navigation with what lies in it, both by name. */
export interface Folder {
  readonly name: string
  /** What it is among all folders. */
  readonly key: string
  readonly folders: readonly Folder[]
  readonly nodes: readonly SiteNode[]
  /** Of it and of all folders below. */
  readonly count: number
}

/** The nodes of a project as they lie in its folders; sources by their source, exposures by themselves. */
export function folderTree(nodes: readonly SiteNode[], project: string): readonly Folder[] {
  const root: Growing = { folders: new Map(), nodes: [] }
  for (const node of nodes) placeOf(node, project).reduce(enter, root).nodes.push(node)
  return foldersIn(root, '')
}

interface Growing {
  readonly folders: Map<string, Growing>
  readonly nodes: SiteNode[]
}

function enter({ folders }: Growing, name: string): Growing {
  const known = folders.get(name)
  if (known) return known
  const made: Growing = { folders: new Map(), nodes: [] }
  folders.set(name, made)
  return made
}

function placeOf(node: SiteNode, project: string): readonly string[] {
  const inPackage = node.package === project ? [] : [node.package]
  if (node.kind === 'source') return [...inPackage, 'sources', node.name.slice(0, node.name.indexOf('.'))]
  if (node.kind === 'exposure') return [...inPackage, 'exposures']
  return [
    ...inPackage,
    ...node.path
      .split('/')
      .slice(0, -1)
      .filter((part) => part !== '.' && part !== '..'),
  ]
}

function foldersIn({ folders }: Growing, above: string): readonly Folder[] {
  const isVirtual = (name: string) => above === '' && (name === 'sources' || name === 'exposures')
  const sorted = [...folders].sort(([a], [b]) => Number(isVirtual(a)) - Number(isVirtual(b)) || a.localeCompare(b))
  return sorted.map(([name, growing]) => {
    const key = above === '' ? name : `${above}/${name}`
    const inside = foldersIn(growing, key)
    return {
      name,
      key,
      folders: inside,
      nodes: growing.nodes.toSorted((a, b) => a.name.localeCompare(b.name)),
      count: inside.reduce((sum, { count }) => sum + count, growing.nodes.length),
    }
  })
}
