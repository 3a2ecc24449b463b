import { type Connection, DatabaseError } from '../../adapters/adapter.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem, UserError } from '../../diagnostics/errors.ts'
import { heedWarnings } from '../../diagnostics/warning-policy.ts'
import type { ProjectLineage } from '../../lineage/node-lineage.ts'
import type { Exposure } from '../../manifest/nodes.ts'
import { writeDashboardData } from '../../site/data/dashboard-data.ts'
import type { WrittenDashboard } from '../../site/site-project.ts'
import { type Inspection, publishedOnTarget } from '../inspect.ts'
import type { LoadedProject } from '../load-project.ts'
import { classesFrom, declaresPersonalData } from '../report/classes.ts'
import type { SiteFolder } from './site-folder.ts'

/** What is asked for when the dashboards of a project are written. */
export interface DashboardsInput {
  readonly project: LoadedProject
  readonly inspection: Inspection
  /** Where the columns come from, which masks follow; undefined where nothing was bound. */
  readonly lineage: ProjectLineage | undefined
  readonly folder: SiteFolder
}

/**
 * Writes the data of every dashboard as it is published. One whose columns nobody knows, or that the engine refuses, is left
 * out, and a warning says so: personal data must not stand in a page because a model has a mistake.
 */
export async function writeDashboards(input: DashboardsInput): Promise<readonly WrittenDashboard[]> {
  const { project, inspection } = input
  const written: WrittenDashboard[] = []
  const dashboards = [...project.manifest.exposures.values()].filter(({ panels }) => panels.length > 0)
  for (const [position, exposure] of dashboards.entries()) {
    const { connection } = inspection
    written.push(connection ? await writeDashboard(input, connection, exposure, position) : { id: exposure.id })
  }
  return written
}

async function writeDashboard(
  { project, inspection, lineage, folder }: DashboardsInput,
  connection: Connection,
  exposure: Exposure,
  position: number,
): Promise<WrittenDashboard> {
  const { manifest } = project
  const { adapter } = inspection
  const leftOut = (reason: string, hint?: string): WrittenDashboard => {
    for (const diagnostic of heedWarnings(project.warnings, [dashboardLeftOut(exposure, reason, hint)])) {
      project.emit({ kind: 'diagnostic', diagnostic })
    }
    return { id: exposure.id, problem: reason }
  }
  const unknown = declaresPersonalData(manifest) ? unknownNodes(project, exposure, lineage) : []
  if (unknown.length > 0) {
    const reason = `what ${unknown.join(', ')} ${unknown.length === 1 ? 'is' : 'are'} made of is not known, and it may be personal data.`
    return leftOut(reason, lineage ? CHECK_SAYS : undefined)
  }
  const { name, sink } = folder.dashboard(position)
  try {
    const { panels } = await writeDashboardData({
      manifest,
      exposure,
      dialect: adapter.dialect,
      database: adapter.database,
      connection,
      classOf: classesFrom(manifest, lineage ?? NOTHING_KNOWN),
      readStates: () => publishedOnTarget(project, adapter, connection),
      sink,
    })
    if (panels.length > 0) return { id: exposure.id, data: name }
    await sink.restart()
    return { id: exposure.id }
  } catch (error) {
    const isExpected = error instanceof DatabaseError || (error instanceof UserError && isChanging(error))
    if (!isExpected) throw error
    await sink.restart()
    return leftOut(error.message.split('\n')[0] ?? '', error instanceof DatabaseError ? CHECK_SAYS : 'try again')
  }
}

const CHECK_SAYS = '"lavra check" says what is wrong'

const NOTHING_KNOWN: ProjectLineage = { nodes: new Map() }

function isChanging({ diagnostics }: UserError): boolean {
  return diagnostics.every(({ code }) => code === 'report-changing')
}

/** The names of what a dashboard shows of which no lineage is known. */
function unknownNodes(
  { manifest }: LoadedProject,
  { panels }: Exposure,
  lineage: ProjectLineage | undefined,
): readonly string[] {
  const shown = new Set(panels.map(({ model }) => model))
  return [...shown].flatMap((id) => (lineage?.nodes.has(id) ? [] : `"${manifest.nodes.get(id)?.name ?? id}"`))
}

function dashboardLeftOut({ name, place }: Exposure, reason: string, hint: string | undefined): Diagnostic {
  return problem('dashboard-left-out', `The dashboard "${name}" is not in the documentation: ${reason}`, {
    severity: 'warning',
    place,
    ...(hint === undefined ? {} : { hint }),
  })
}
