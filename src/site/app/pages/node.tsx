import type { ComponentChildren } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { SiteDetails, SiteLineage, SiteNode } from '../../site-data.ts'
import { usePage } from '../context.ts'
import { useData } from '../data.ts'
import { GraphView } from '../graph/graph-view.tsx'
import { sceneOf } from '../graph/scene.ts'
import { ColumnTable } from '../parts/column-table.tsx'
import { Markdown } from '../parts/markdown.tsx'
import { NodeCode } from '../parts/node-code.tsx'
import { BuildChart, TestTable } from '../parts/node-history.tsx'
import {
  CopyButton,
  KindMark,
  Moment,
  NodeLink,
  NotFound,
  Section,
  StatusMark,
  Table,
  Tags,
  TestMark,
  Wait,
} from '../parts/small.tsx'
import { dashboardName } from '../project.ts'
import { hrefOf } from '../route.ts'

/** One source, seed, model, snapshot or exposure. */
export function NodePage({ id, column }: { readonly id: string; readonly column: string | undefined }) {
  const { project } = usePage()
  const number = project.numberOf.get(id)
  const node = number === undefined ? undefined : project.nodes[number]
  const chunk = useData(node ? (`nodes/${node.chunk}` as const) : undefined)
  const lineage = useData(node && project.index.hasLineage ? 'lineage' : undefined)
  if (node === undefined || number === undefined) return <NotFound id={id} />
  return (
    <article key={id}>
      <Head node={node} />
      <Wait data={chunk}>
        {(details) => (
          <Body
            number={number}
            node={node}
            details={details[number]!}
            column={column}
            lineage={lineage.status === 'ready' ? lineage.value : undefined}
          />
        )}
      </Wait>
    </article>
  )
}

function Head({ node }: { readonly node: SiteNode }) {
  const { words, format } = usePage()
  return (
    <div class="page-head">
      <p class="crumbs">
        <KindMark kind={node.kind} />
        {node.materialized === undefined || node.materialized === node.kind ? null : <span>{node.materialized}</span>}
        <Tags tags={node.tags} />
      </p>
      <div class="title-row">
        <h1>{node.name}</h1>
        <ReportLink node={node} />
        <a class="button" href={hrefOf({ page: 'graph', select: `+${selectorOf(node)}+`, node: node.id })}>
          {words.openGraph}
        </a>
        <CopyButton text={() => location.href} label={words.copyLink} />
      </div>
      {node.kind === 'exposure' || node.kind === 'source' ? null : (
        <ul class="facts">
          <li>
            <StatusMark status={node.status} />
          </li>
          {node.rows === undefined ? null : (
            <li>
              <strong>{format.count(node.rows)}</strong> {words.rowCount(node.rows)}
            </li>
          )}
          <li>
            {words.tests} <TestMark node={node} />
          </li>
        </ul>
      )}
    </div>
  )
}

/** From a dashboard's exposure to what it shows. */
function ReportLink({ node }: { readonly node: SiteNode }) {
  const { words, project } = usePage()
  const dashboard = project.index.dashboards.find((each) => project.nodes[each.node] === node)
  if (!dashboard) return null
  return (
    <a class="button" href={hrefOf({ page: 'report', name: dashboardName(project, dashboard), chosen: {} })}>
      {words.openReport}
    </a>
  )
}

/** What `--select` calls a node. */
function selectorOf(node: SiteNode): string {
  return node.kind === 'source' || node.kind === 'exposure' ? `${node.kind}:${node.name}` : node.name
}

interface BodyProps {
  readonly number: number
  readonly node: SiteNode
  readonly details: SiteDetails
  readonly column: string | undefined
  readonly lineage: SiteLineage | undefined
}

function Body({ number, node, details, column, lineage }: BodyProps) {
  const { words } = usePage()
  useEffect(() => {
    if (column !== undefined) document.getElementById(`column-${column}`)?.scrollIntoView({ block: 'center' })
  }, [column])
  return (
    <>
      {details.description === '' ? (
        <p class="muted">{words.noDescription}</p>
      ) : (
        <Markdown text={details.description} />
      )}
      <Facts node={node} details={details} />
      {details.columns.length === 0 ? null : (
        <Section id="columns" title={words.columns}>
          <ColumnTable node={node} details={details} chosen={column} lineage={lineage} number={number} />
        </Section>
      )}
      <Neighbours number={number} />
      {details.tests.length === 0 ? null : (
        <Section id="tests" title={words.tests}>
          <TestTable tests={details.tests} />
        </Section>
      )}
      <NodeCode node={node} details={details} />
      {details.results.length === 0 ? null : (
        <Section id="results" title={words.lastRuns}>
          <BuildChart results={details.results} />
        </Section>
      )}
    </>
  )
}

function Facts({ node, details }: { readonly node: SiteNode; readonly details: SiteDetails }) {
  const { words, format } = usePage()
  const { exposure } = details
  const facts: (readonly [string, ComponentChildren])[] = [
    [words.path, <code>{node.path}</code>],
    ...(details.relation === undefined ? [] : [[words.relation, <code>{details.relation}</code>] as const]),
    ...(details.publishedAt === undefined ? [] : [[words.published, <Moment iso={details.publishedAt} />] as const]),
    ...(exposure?.label === undefined ? [] : [[words.name, exposure.label] as const]),
    ...(exposure ? [[words.type, exposure.type] as const] : []),
    ...(exposure?.owner === undefined ? [] : [[words.owner, exposure.owner] as const]),
    ...(exposure?.maturity === undefined ? [] : [[words.maturity, exposure.maturity] as const]),
    ...(exposure?.url === undefined ? [] : [[words.address, <Address url={exposure.url} />] as const]),
    ...details.settings.map(([key, value]) => [key, <code>{value}</code>] as const),
  ]
  return (
    <>
      <dl class="fact-list">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {details.relations.length === 0 ? null : (
        <Section id="relations" title={words.relations}>
          <Table
            label={words.relations}
            head={[words.relation, words.rows]}
            numbers={[1]}
            rows={details.relations.map(({ name, rows }) => [
              <code>{name}</code>,
              rows === undefined ? '' : format.count(rows),
            ])}
          />
        </Section>
      )}
    </>
  )
}

function Address({ url }: { readonly url: string }) {
  if (!/^https?:/i.test(url)) return <>{url}</>
  return (
    <a href={url} rel="noreferrer noopener">
      {url}
    </a>
  )
}

/** What it reads and what reads it, as a small graph and as lists. */
function Neighbours({ number }: { readonly number: number }) {
  const { words, project } = usePage()
  const node = project.nodes[number]!
  const children = project.children[number]!
  const scene = useMemo(
    () => sceneOf(project, new Set([number, ...node.parents, ...children].map((near) => project.nodes[near]!.id))),
    [project, number],
  )
  if (node.parents.length + children.length === 0) return null
  const list = (title: string, numbers: readonly number[]) => (
    <div>
      <h3>
        {title} <span class="muted">{numbers.length}</span>
      </h3>
      {numbers.length === 0 ? (
        <p class="muted">{words.nothing}</p>
      ) : (
        <ul>
          {numbers.map((near) => (
            <li key={near}>
              <NodeLink node={project.nodes[near]!} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
  const open = (to: { readonly node: SiteNode }) => {
    location.hash = hrefOf({ page: 'node', id: to.node.id })
  }
  return (
    <Section id="lineage" title={words.lineage}>
      <div class="graph-small">
        <GraphView
          isInText
          scene={scene}
          active={number}
          onActive={(box) => box.number !== number && open(box)}
          onEnter={open}
        />
      </div>
      <div class="neighbours">
        {list(words.upstream, node.parents)}
        {list(words.downstream, children)}
      </div>
    </Section>
  )
}
