import type { SiteLineage } from '../../site-data.ts'
import { usePage } from '../context.ts'
import { type GraphRoute, hrefOf } from '../route.ts'
import { KindMark, StatusMark, Tags, TestMark } from './small.tsx'

interface GraphPanelProps {
  readonly number: number
  readonly route: GraphRoute
  readonly lineage: SiteLineage | undefined
}

/** The node that is looked at in the graph, opened: its columns, each to be followed. */
export function GraphPanel({ number, route, lineage }: GraphPanelProps) {
  const { words, project, format } = usePage()
  const node = project.nodes[number]!
  const name = node.kind === 'source' || node.kind === 'exposure' ? `${node.kind}:${node.name}` : node.name
  const around = (select: string) => hrefOf({ page: 'graph', select, node: node.id })
  const known = new Set(lineage?.[number]?.columns.map((column) => column.name.toLowerCase()))
  return (
    <aside class="panel" aria-label={node.name}>
      <div class="panel-head">
        <h2>
          <a href={hrefOf({ page: 'node', id: node.id })}>{node.name}</a>
        </h2>
        <a
          class="button"
          href={hrefOf({ page: 'graph', ...route, node: '', column: '' })}
          aria-label={words.close}
          title={words.close}
        >
          ×
        </a>
      </div>
      <p class="panel-facts">
        <KindMark kind={node.kind} />
        {node.kind === 'exposure' || node.kind === 'source' ? null : <StatusMark status={node.status} />}
        {node.tests.total > 0 ? <TestMark node={node} /> : null}
        {node.rows === undefined ? null : (
          <span>
            {format.count(node.rows)} {words.rowCount(node.rows)}
          </span>
        )}
        <Tags tags={node.tags} />
      </p>
      <p>{node.summary}</p>
      <p class="panel-links">
        <a class="button" href={hrefOf({ page: 'node', id: node.id })}>
          {words.openPage}
        </a>
        <a class="button" href={around(`+${name}`)}>
          {words.onlyUpstream}
        </a>
        <a class="button" href={around(`${name}+`)}>
          {words.onlyDownstream}
        </a>
        <a class="button" href={around(`+${name}+`)}>
          {words.both}
        </a>
      </p>
      {node.columns.length === 0 ? null : (
        <>
          <h3>
            {words.columns} <span class="muted">{node.columns.length}</span>
          </h3>
          <ul class="panel-columns">
            {node.columns.map((column) => (
              <li key={column}>
                {known.has(column.toLowerCase()) ? (
                  <a
                    href={hrefOf({ page: 'graph', ...route, node: node.id, column })}
                    aria-current={column === route.column || undefined}
                    aria-label={words.followColumn(column)}
                  >
                    {column}
                  </a>
                ) : (
                  <span>{column}</span>
                )}
              </li>
            ))}
          </ul>
          {project.index.hasLineage ? null : <p class="muted">{words.noColumnLineage}</p>}
        </>
      )}
    </aside>
  )
}
