import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { ProjectLineage } from '../lineage/node-lineage.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { FoundRelation } from '../report/artifacts/index.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { RecordedRuns } from '../state/read-runs.ts'
import type { PublishedRelation } from '../state/rows.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { DashboardFolder, SiteFreshness } from './site-data.ts'

/** Everything that is known of a project when its site is made. */
export interface SiteProjectInput {
  readonly manifest: Manifest
  readonly dialect: Dialect
  readonly target: string
  /** Whether the database was left alone. */
  readonly isOffline: boolean
  /** SQL under published names. */
  readonly compiled: ReadonlyMap<UniqueId, string>
  /** Why a node has no compiled SQL. */
  readonly notCompiled: ReadonlyMap<UniqueId, string>
  readonly found: readonly FoundRelation[]
  /** What Lavra has published on this target. */
  readonly published: readonly PublishedRelation[]
  readonly history: RecordedRuns
  readonly lineage: ProjectLineage | undefined
  /** What `lavra check` says; undefined where it was not asked. */
  readonly findings: readonly Diagnostic[] | undefined
  /** What the last `lavra source freshness` found. */
  readonly sourceAges: ReadonlyMap<string, Omit<SiteFreshness, 'node'>>
  readonly dashboards: readonly WrittenDashboard[]
  /** ISO 8601 in UTC. */
  readonly generatedAt: string
  readonly lavraVersion: string
}

/** A dashboard, and where its data are. Without data and problem nothing of it has been published. */
export interface WrittenDashboard {
  readonly id: UniqueId
  /** The name of its folder of data. */
  readonly data?: DashboardFolder
  /** Why there are none. */
  readonly problem?: string
}
