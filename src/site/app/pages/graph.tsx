import { useEffect, useMemo, useState } from 'preact/hooks'
import type { SiteLineage } from '../../site-data.ts'
import { usePage } from '../context.ts'
import { useData } from '../data.ts'
import { followColumn } from '../graph/follow-column.ts'
import { GraphView } from '../graph/graph-view.tsx'
import { type Scene, sceneOf, sceneOfColumn } from '../graph/scene.ts'
import { GraphPanel } from '../parts/graph-panel.tsx'
import { CopyButton, NodeLink, Table, TestMark, useShown } from '../parts/small.tsx'
import { foldersOf } from '../project.ts'
import { type GraphRoute, hrefOf } from '../route.ts'
import { selectNodes } from '../select-nodes.ts'

/** The lineage of the project or of a part of it, or the way of one column. */
export function GraphPage({ route }: { readonly route: GraphRoute }) {
  const { words, project } = usePage()
  const [isList, setIsList] = useState(false)
  const go = (change: GraphRoute) => {
    location.replace(hrefOf({ page: 'graph', ...route, ...change }))
  }
  const selected = useMemo(() => selectNodes(project, route.select ?? ''), [project, route.select])
  const ids = useMemo(() => {
    if (!selected.ok) return new Set<string>()
    const isShown = (id: string) => {
      const node = project.nodes[project.numberOf.get(id)!]!
      const isInFolder = route.folder === undefined || foldersOf(node.path).includes(route.folder)
      return isInFolder && (route.tag === undefined || node.tags.includes(route.tag))
    }
    return new Set([...selected.ids].filter(isShown))
  }, [project, selected, route.folder, route.tag])

  const start = route.node === undefined ? undefined : project.numberOf.get(route.node)
  const isFollowing = start !== undefined && route.column !== undefined
  const lineage = useData(project.index.hasLineage ? 'lineage' : undefined)
  const known: SiteLineage | undefined = lineage.status === 'ready' ? lineage.value : undefined
  const followed = useMemo(
    () => (isFollowing && known ? followColumn(known, { node: start, column: route.column ?? null }) : undefined),
    [known, isFollowing, start, route.column],
  )
  const scene = useMemo(
    () => (followed ? sceneOfColumn(project, followed) : sceneOf(project, ids)),
    [project, ids, followed],
  )
  return (
    <div class="graph-page">
      <div class="graph-bar">
        <h1 class="for-readers">{words.graph}</h1>
        <Filters key={`${route.select} ${route.folder} ${route.tag}`} route={route} go={go} />
        <button type="button" class="button" aria-pressed={isList} onClick={() => setIsList(!isList)}>
          {isList ? words.asGraph : words.asList}
        </button>
        <CopyButton text={() => location.href} label={words.copyLink} />
      </div>
      {isFollowing ? (
        <p class="following" role="status">
          <span>
            {words.following}{' '}
            <strong>
              {project.nodes[start]!.name}.{route.column}
            </strong>
          </span>
          {followed ? (
            <span class="muted">
              {words.followed(followed.columns.size, [...followed.columns.values()].flat().length)}
            </span>
          ) : (
            <span class="muted">{project.index.hasLineage ? words.loading : words.noColumnLineage}</span>
          )}
          <a class="button" href={hrefOf({ page: 'graph', ...without(route, 'column') })}>
            {words.stopFollowing}
          </a>
        </p>
      ) : (
        <Answer selected={selected} count={ids.size} />
      )}
      <div class="graph-body">
        {isList ? (
          <GraphList scene={scene} />
        ) : (
          <GraphView
            scene={scene}
            active={start}
            onActive={({ node }) => go({ node: node.id })}
            onEnter={({ node }) => {
              location.hash = hrefOf({ page: 'node', id: node.id })
            }}
            onColumn={({ node }, column) => go({ node: node.id, column })}
          />
        )}
        {start === undefined ? null : <GraphPanel number={start} route={route} lineage={known} />}
      </div>
      <Legend />
    </div>
  )
}

function without<Value extends object, Key extends keyof Value>(value: Value, key: Key): Omit<Value, Key> {
  const { [key]: _, ...rest } = value
  return rest
}

function Answer({ selected, count }: { readonly selected: ReturnType<typeof selectNodes>; readonly count: number }) {
  const { words, project, format } = usePage()
  const text = selected.ok
    ? count === 0
      ? words.nothingSelected
      : words.shown(count, project.nodes.length)
    : selected.reason === 'method'
      ? words.badMethod(selected.message)
      : `${words.badSelection}: ${selected.message}`
  return (
    <p class={selected.ok ? 'answer muted' : 'answer bad'} role="status">
      {text.replace(/\d{4,}/g, (digits) => format.count(Number(digits)))}
    </p>
  )
}

interface FiltersProps {
  readonly route: GraphRoute
  readonly go: (change: GraphRoute) => void
}

function Filters({ route, go }: FiltersProps) {
  const { words, project } = usePage()
  const [text, setText] = useState(route.select ?? '')
  useEffect(() => setText(route.select ?? ''), [route.select])
  const search = { node: '', column: '' }
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault()
        go({ ...search, select: text.trim() })
      }}
    >
      <label class="filter-select">
        <span>{words.select}</span>
        <input
          type="text"
          value={text}
          placeholder={words.selectPlaceholder}
          title={words.selectHelp}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
          onChange={(event) => go({ ...search, select: event.currentTarget.value.trim() })}
        />
      </label>
      <label>
        <span>{words.folder}</span>
        <select value={route.folder ?? ''} onChange={(event) => go({ ...search, folder: event.currentTarget.value })}>
          <option value="">{words.anyFolder}</option>
          {project.folders.map((folder) => (
            <option key={folder}>{folder}</option>
          ))}
        </select>
      </label>
      {project.tags.length === 0 ? null : (
        <label>
          <span>{words.tag}</span>
          <select value={route.tag ?? ''} onChange={(event) => go({ ...search, tag: event.currentTarget.value })}>
            <option value="">{words.anyTag}</option>
            {project.tags.map((tag) => (
              <option key={tag}>{tag}</option>
            ))}
          </select>
        </label>
      )}
      <a class="button" href={hrefOf({ page: 'graph' })}>
        {words.clear}
      </a>
    </form>
  )
}

/** The same as a table, for readers to whom a picture says nothing. */
function GraphList({ scene }: { readonly scene: Scene }) {
  const { words, project } = usePage()
  const { shown, more } = useShown(scene.boxes, 200)
  return (
    <div class="graph-list">
      <Table
        label={words.graph}
        head={[words.name, words.kind, words.tests, words.upstream, words.downstream]}
        rows={shown.map(({ node, number }) => [
          <NodeLink node={node} />,
          words.kinds[node.kind],
          <TestMark node={node} />,
          <Names numbers={node.parents} />,
          <Names numbers={project.children[number]!} />,
        ])}
      />
      {more}
    </div>
  )
}

function Names({ numbers }: { readonly numbers: readonly number[] }) {
  const { project } = usePage()
  return (
    <span class="names">
      {numbers.slice(0, 12).map((number) => (
        <NodeLink key={number} node={project.nodes[number]!} />
      ))}
      {numbers.length > 12 ? <span class="muted">+{numbers.length - 12}</span> : null}
    </span>
  )
}

function Legend() {
  const { words } = usePage()
  return (
    <ul class="legend" aria-label={words.legend}>
      {(['source', 'seed', 'model', 'snapshot', 'exposure'] as const).map((kind) => (
        <li key={kind}>
          <span class={`dot dot-${kind}`} aria-hidden="true" /> {words.kinds[kind]}
        </li>
      ))}
      <li>
        <span class="dash" aria-hidden="true" /> {words.indirect}
      </li>
    </ul>
  )
}
