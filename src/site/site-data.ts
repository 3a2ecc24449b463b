// What the site is made of, as plain data: the builder writes it, the app reads it. A node is named by its number, which is
// its place in `SiteIndex.nodes`; those are in the order of the graph, parents first.

/** What the page reads first: enough for lists, for a search by name and for the graph. */
export interface SiteIndex {
  readonly lavraVersion: string
  /** ISO 8601 in UTC. */
  readonly generatedAt: string
  readonly project: SiteProject
  readonly nodes: readonly SiteNode[]
  /** Tests that did not pass when they last ran. */
  readonly failing: readonly FailingTest[]
  /** The newest first. */
  readonly runs: readonly SiteRun[]
  readonly freshness: readonly SiteFreshness[]
  readonly dashboards: readonly SiteDashboard[]
  readonly hasLineage: boolean
  /** Absent where nothing was checked. */
  readonly findings?: { readonly errors: number; readonly warnings: number }
}

export interface SiteProject {
  readonly name: string
  /** Markdown: the docs block `__overview__`. */
  readonly description: string
  /** The name of the engine, and of the target that was looked at. */
  readonly engine: string
  readonly target: string
  /** Whether the database was left alone: nothing is known of runs and rows. */
  readonly isOffline: boolean
}

export type SiteNodeKind = 'source' | 'seed' | 'model' | 'snapshot' | 'exposure'

export type SiteStatus = 'success' | 'error' | 'skipped' | 'pass' | 'fail' | 'warn'

export interface SiteNode {
  readonly id: string
  /** For sources with the name of the source: `raw.orders`. */
  readonly name: string
  readonly kind: SiteNodeKind
  readonly package: string
  readonly fqn: readonly string[]
  readonly path: string
  /** The properties file, which `path:` selects by as well. */
  readonly patchPath?: string
  readonly tags: readonly string[]
  readonly materialized?: string
  readonly group?: string
  readonly access?: string
  readonly parents: readonly number[]
  /** Names in the order of the relation, or as declared where there is none. */
  readonly columns: readonly string[]
  /** The first sentence or so, without marks. */
  readonly summary: string
  readonly tests: TestCounts
  /** How it ended when it was last built. */
  readonly status?: SiteStatus
  readonly rows?: number
  /** Which file of details holds it. */
  readonly chunk: number
}

/** How the tests of a node ended when they last ran. */
export interface TestCounts {
  readonly total: number
  readonly passed: number
  readonly warned: number
  /** Failed, or could not be run. */
  readonly failed: number
}

export interface FailingTest {
  readonly name: string
  readonly nodes: readonly number[]
  readonly status: SiteStatus
  readonly failures?: number
  readonly message?: string
}

export interface SiteRun {
  readonly id: string
  readonly command: string
  readonly status: 'success' | 'error' | 'interrupted'
  readonly published: boolean
  /** ISO 8601 in UTC. */
  readonly startedAt: string
  readonly seconds: number
  readonly message?: string
  readonly lavraVersion: string
  readonly counts: Readonly<Partial<Record<SiteStatus, number>>>
  /** Whether there is a file with the results of its nodes. */
  readonly hasDetails: boolean
}

export type DashboardFolder = `dashboards/${string}`

/** An exposure with panels. Its data are files of their own; `data/dashboard-data.ts` has their form. */
export interface SiteDashboard {
  /** The exposure's number. */
  readonly node: number
  readonly label: string
  /** The name of its folder of data; absent where nothing of it is published, or for the problem. */
  readonly data?: DashboardFolder
  readonly problem?: string
}

export interface SiteFreshness {
  readonly node: number
  readonly status: 'pass' | 'warn' | 'error' | 'runtime error'
  readonly loadedAt?: string
  readonly askedAt?: string
}

/** What the page of a node shows beside the index. */
export interface SiteDetails {
  /** Markdown. */
  readonly description: string
  /** As SQL writes it: `"shop"."main"."orders"`. */
  readonly relation?: string
  /** One relation per value: those that are published. */
  readonly relations: readonly { readonly name: string; readonly rows?: number }[]
  /** What is worth a line: settings that are not the default. */
  readonly settings: readonly (readonly [key: string, value: string])[]
  readonly columns: readonly SiteColumn[]
  readonly tests: readonly SiteTest[]
  /** The template as written. */
  readonly code?: string
  readonly compiled?: string
  /** Why there is no compiled SQL. */
  readonly notCompiled?: string
  /** The newest first. */
  readonly results: readonly SiteResult[]
  readonly publishedAt?: string
  readonly exposure?: SiteExposure
}

export interface SiteColumn {
  readonly name: string
  /** As the database has it, or as declared; absent where neither says. */
  readonly type?: string
  readonly description: string
  readonly tags: readonly string[]
  readonly meta: readonly (readonly [key: string, value: string])[]
  /** Positions in `SiteDetails.tests`. */
  readonly tests: readonly number[]
  /** Declared, and not in the database. */
  readonly isMissing?: boolean
}

export interface SiteTest {
  readonly name: string
  /** `unique`, `not_null`, …; absent for singular tests. */
  readonly generic?: string
  readonly column?: string
  readonly severity: 'error' | 'warn'
  readonly path: string
  readonly description: string
  readonly sql?: string
  /** The newest first. */
  readonly results: readonly SiteTestResult[]
}

export interface SiteResult {
  readonly run: string
  readonly status: SiteStatus
  readonly startedAt: string
  readonly seconds: number
  readonly rows?: number
  readonly message?: string
}

export interface SiteTestResult {
  readonly run: string
  readonly status: SiteStatus
  readonly startedAt: string
  readonly seconds: number
  readonly failures?: number
  readonly message?: string
}

export interface SiteExposure {
  readonly type: string
  readonly label?: string
  readonly url?: string
  readonly maturity?: string
  readonly owner?: string
}

/** One file of details: those of several nodes, by number. */
export type SiteChunk = Readonly<Record<number, SiteDetails>>

/** What is searched beside names, columns and tags, by number. */
export interface SiteSearchText {
  readonly description: string
  readonly columns: string
  readonly code: string
}

/** The results of one run. */
export interface SiteRunDetails {
  readonly nodes: readonly (SiteResult & { readonly id: string; readonly node?: number })[]
  readonly tests: readonly (SiteTestResult & { readonly name: string; readonly node?: number })[]
}

/** Column lineage of all nodes, by number; absent for what has none. */
export type SiteLineage = readonly (SiteNodeLineage | null)[]

export interface SiteNodeLineage {
  readonly columns: readonly { readonly name: string; readonly inputs: readonly SiteInput[] }[]
  readonly rows: readonly SiteInfluence[]
  readonly unknown?: string
}

/** A column that values come from; null where the parent is known and its columns are not. */
export type SiteInput = readonly [node: number, column: string | null, how: 'copied' | 'derived']

export type SiteInfluence = readonly [
  node: number,
  column: string | null,
  how: 'filtered' | 'joined' | 'grouped' | 'ordered',
  /** The columns for which it counts; absent where it counts for all. */
  columns?: readonly string[],
]

/** A problem that `lavra check` found. */
export interface SiteFinding {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly hint?: string
  readonly path?: string
  readonly line?: number
  readonly column?: number
  readonly node?: number
}
