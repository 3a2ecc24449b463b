import type { ChoicesFile, DashboardIndex, RowsFile } from '../data/dashboard-index.ts'
import type { SiteChunk, SiteFinding, SiteIndex, SiteLineage, SiteRunDetails, SiteSearchText } from '../site-data.ts'

/** What each file of data holds, by its name. */
export interface DataFiles {
  readonly index: SiteIndex
  readonly search: readonly SiteSearchText[]
  readonly findings: readonly SiteFinding[]
  readonly lineage: SiteLineage
  readonly [chunk: `nodes/${number}`]: SiteChunk
  readonly [run: `runs/${string}`]: SiteRunDetails
  readonly [dashboard: `dashboards/${string}/index`]: DashboardIndex
  readonly [rows: `dashboards/${string}/rows-${number}`]: RowsFile
  readonly [choices: `dashboards/${string}/choices-${number}`]: ChoicesFile
}
