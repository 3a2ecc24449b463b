import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { graphOf } from '../graph/from-manifest.ts'
import { positionAt } from '../text/source-file.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { chunkOf, gatherChunks } from './chunks.ts'
import { dashboardLabel } from './data/dashboard-data.ts'
import { describeLineage } from './describe-lineage.ts'
import { type DescribeInput, describeInFull, describeInIndex } from './describe-node.ts'
import { type History, orderHistory } from './history.ts'
import { type Numbering, numberNodes, type PageNode, subjectsOf } from './numbering.ts'
import type {
  FailingTest,
  SiteChunk,
  SiteDashboard,
  SiteDetails,
  SiteFinding,
  SiteFreshness,
  SiteIndex,
  SiteLineage,
  SiteRunDetails,
  SiteSearchText,
} from './site-data.ts'
import type { SiteProjectInput } from './site-project.ts'

/** The whole site as data; `site-files.ts` makes files of it. */
export interface Site {
  readonly index: SiteIndex
  readonly chunks: readonly SiteChunk[]
  readonly search: readonly SiteSearchText[]
  readonly lineage: SiteLineage | undefined
  readonly findings: readonly SiteFinding[]
  /** By the id of the run. */
  readonly runs: ReadonlyMap<string, SiteRunDetails>
}

/** Makes the data of the site. Pure: what it says was read before. */
export function buildSite(project: SiteProjectInput): Site {
  const numbering = numberNodes(project.manifest)
  const { nodes, testsOf } = numbering
  const history = orderHistory(project.history)
  const input: DescribeInput = {
    project,
    history,
    foundOf: new Map(project.found.map((found) => [found.id, found])),
    publishedOf: Map.groupBy(project.published, ({ nodeId }) => nodeId),
  }
  const details = nodes.map((node, number) => describeInFull(node, testsOf.get(number) ?? [], input))
  const chunks = gatherChunks(details)
  const findings = (project.findings ?? []).map((found) => describeFinding(found, numbering))
  const parents = parentsOf(project, numbering)
  return {
    index: {
      lavraVersion: project.lavraVersion,
      generatedAt: project.generatedAt,
      project: describeProject(project),
      nodes: nodes.map((node, number) => ({
        ...describeInIndex(node, testsOf.get(number) ?? [], input),
        parents: parents(node),
        chunk: chunkOf(chunks, number),
      })),
      failing: failingTests(project, numbering, history),
      runs: history.runs,
      freshness: freshnessOf(project, numbering),
      dashboards: describeDashboards(project, numbering),
      hasLineage: project.lineage !== undefined,
      ...(project.findings ? { findings: countFindings(findings) } : {}),
    },
    chunks,
    search: nodes.map((_, number) => searchText(details[number]!)),
    lineage: project.lineage && describeLineage(project.lineage, numbering),
    findings,
    runs: new Map(
      history.runs.filter((run) => run.hasDetails).map(({ id }) => [id, describeRun(id, project, history, numbering)]),
    ),
  }
}

function describeProject({ manifest, dialect, target, isOffline }: SiteProjectInput): SiteIndex['project'] {
  const { name } = manifest.project
  return { name, description: manifest.docs.get('__overview__') ?? '', engine: dialect.name, target, isOffline }
}

/** The parents of a node, by number. What a node reads through something that has no page does not occur. */
function parentsOf({ manifest }: SiteProjectInput, { numberOf }: Numbering): (node: PageNode) => readonly number[] {
  const graph = graphOf(manifest)
  return ({ id }) => graph.parents(id).flatMap((parent) => numberOf.get(parent) ?? [])
}

function failingTests(
  { manifest }: SiteProjectInput,
  { numberOf }: Numbering,
  history: History,
): readonly FailingTest[] {
  const failing: FailingTest[] = []
  for (const test of manifest.nodes.values()) {
    if (test.kind !== 'test') continue
    const last = history.ofTest.get(test.id)?.[0]
    if (last === undefined || last.status === 'pass' || last.status === 'skipped') continue
    failing.push({
      name: test.name,
      nodes: subjectsOf(test).flatMap((id) => numberOf.get(id) ?? []),
      status: last.status,
      ...(last.failures === undefined ? {} : { failures: last.failures }),
      ...(last.message === undefined ? {} : { message: last.message }),
    })
  }
  return failing
}

function freshnessOf({ sourceAges }: SiteProjectInput, { numberOf }: Numbering): readonly SiteFreshness[] {
  return [...sourceAges].flatMap(([id, age]) => {
    const node = numberOf.get(id)
    return node === undefined ? [] : [{ node, ...age }]
  })
}

function describeDashboards(
  { manifest, dashboards }: SiteProjectInput,
  { numberOf }: Numbering,
): readonly SiteDashboard[] {
  return dashboards.flatMap(({ id, ...written }) => {
    const node = numberOf.get(id)
    const exposure = manifest.exposures.get(id)
    if (node === undefined || !exposure) return []
    return [{ node, label: dashboardLabel(exposure), ...written }]
  })
}

function describeRun(
  id: string,
  { manifest }: SiteProjectInput,
  history: History,
  { numberOf }: Numbering,
): SiteRunDetails {
  const { nodes: nodeResults, tests } = history.inRun.get(id)!
  const nodeOf = (id: string | undefined) => {
    const node = id === undefined ? undefined : numberOf.get(id)
    return node === undefined ? {} : { node }
  }
  return {
    nodes: nodeResults.map((result) => ({ ...result, ...nodeOf(result.id) })),
    tests: tests.map(({ id, ...result }) => {
      const test = manifest.nodes.get(id as UniqueId) // it may be gone since
      const subject = test?.kind === 'test' ? subjectsOf(test)[0] : undefined
      return { ...result, name: test?.name ?? id, ...nodeOf(subject) }
    }),
  }
}

function describeFinding({ code, severity, message, hint, place }: Diagnostic, { nodes }: Numbering): SiteFinding {
  const position = place ? positionAt(place.file, place.start) : undefined
  const node = place ? nodes.findIndex(({ file }) => file.path === place.file.path) : -1
  return {
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(place && position ? { path: place.file.path, ...position } : {}),
    ...(node < 0 ? {} : { node }),
  }
}

function countFindings(findings: readonly SiteFinding[]): NonNullable<SiteIndex['findings']> {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  return { errors, warnings: findings.length - errors }
}

/** Names stand in the index. */
function searchText({ description, columns, code }: SiteDetails): SiteSearchText {
  return {
    description,
    columns: columns
      .map((column) => column.description)
      .filter((text) => text !== '')
      .join('\n'),
    code: code ?? '',
  }
}
