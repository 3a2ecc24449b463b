import { useMemo, useState } from 'preact/hooks'
import { usePage } from '../context.ts'
import { hrefOf, type Route } from '../route.ts'
import { type Folder, folderTree } from '../tree.ts'
import { useShown } from './small.tsx'

/** A project with no more nodes than this is shown with its folders open. */
const FEW_NODES = 60
const NODES_SHOWN = 200

/** The pages of the site, and the project's nodes in their folders. */
export function Sidebar({ route }: { readonly route: Route }) {
  const { words, project } = usePage()
  const { index } = project
  const tree = useMemo(() => folderTree(project.nodes, index.project.name), [project])
  const pages: readonly (readonly [to: Route, name: string, count?: string | undefined])[] = [
    [{ page: 'overview' }, words.overview],
    ...(index.dashboards.length > 0 ? [[{ page: 'reports' }, words.reports] as const] : []),
    [{ page: 'graph' }, words.lineage],
    [{ page: 'runs' }, words.runs],
    [{ page: 'tests' }, words.tests, index.failing.length > 0 ? String(index.failing.length) : undefined],
    [{ page: 'findings' }, words.findings, findingCount(index.findings)],
  ]
  const open = route.page === 'node' ? project.numberOf.get(route.id) : undefined
  return (
    <nav class="sidebar" id="sidebar" aria-label={words.navigation}>
      <ul class="pages">
        {pages.map(([to, name, count]) => (
          <li key={to.page}>
            <a href={hrefOf(to)} aria-current={isUnder(route, to) ? 'page' : undefined}>
              {name}
              {count === undefined ? null : (
                <span
                  class={to.page === 'findings' && !index.findings?.errors ? 'count count-warn' : 'count count-bad'}
                >
                  {count}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      <h2 class="sidebar-title">{words.project}</h2>
      <ul class="tree">
        {tree.map((folder) => (
          <TreeFolder
            key={folder.key}
            folder={folder}
            isOpenAtFirst={project.nodes.length <= FEW_NODES}
            current={open === undefined ? undefined : project.nodes[open]!.id}
          />
        ))}
      </ul>
    </nav>
  )
}

function findingCount(counts: { readonly errors: number; readonly warnings: number } | undefined): string | undefined {
  const count = counts ? counts.errors + counts.warnings : 0
  return count > 0 ? String(count) : undefined
}

function isUnder(route: Route, to: Route): boolean {
  const { page } = route
  return page === to.page || (page === 'run' && to.page === 'runs') || (page === 'report' && to.page === 'reports')
}

interface TreeFolderProps {
  readonly folder: Folder
  readonly isOpenAtFirst: boolean
  readonly current: string | undefined
}

function TreeFolder({ folder, isOpenAtFirst, current }: TreeFolderProps) {
  const { format } = usePage()
  const [chosen, setChosen] = useState<boolean | undefined>(undefined)
  const isOpen = chosen ?? (isOpenAtFirst || holds(folder, current))
  return (
    <li>
      <button type="button" class="folder" aria-expanded={isOpen} onClick={() => setChosen(!isOpen)}>
        <span class="twist" aria-hidden="true" />
        {folder.name}
        <span class="muted">{format.count(folder.count)}</span>
      </button>
      {isOpen ? <FolderContent folder={folder} isOpenAtFirst={isOpenAtFirst} current={current} /> : null}
    </li>
  )
}

function FolderContent({ folder, isOpenAtFirst, current }: TreeFolderProps) {
  const { words } = usePage()
  const { shown, more } = useShown(folder.nodes, NODES_SHOWN)
  return (
    <ul>
      {folder.folders.map((inner) => (
        <TreeFolder key={inner.key} folder={inner} isOpenAtFirst={isOpenAtFirst} current={current} />
      ))}
      {shown.map((node) => (
        <li key={node.id}>
          <a
            class="tree-node"
            href={hrefOf({ page: 'node', id: node.id })}
            aria-current={node.id === current ? 'page' : undefined}
            title={node.name}
          >
            <span class={`dot dot-${node.kind}`} title={words.kinds[node.kind]} aria-hidden="true" />
            {node.kind === 'source' ? node.name.slice(node.name.indexOf('.') + 1) : node.name}
          </a>
        </li>
      ))}
      {more ? <li>{more}</li> : null}
    </ul>
  )
}

function holds({ nodes, folders }: Folder, id: string | undefined): boolean {
  if (id === undefined) return false
  return nodes.some((node) => node.id === id) || folders.some((folder) => holds(folder, id))
}
