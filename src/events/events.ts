import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { UniqueId } from '../text/unique-id.ts'

/** How a node ended. `pass`, `fail` and `warn` belong to tests, `success` to everything that builds. dbt's words. */
export type NodeStatus = 'success' | 'error' | 'skipped' | 'pass' | 'fail' | 'warn'

/** Everything that can happen, in the order in which it happens. `report/` turns these into words; nothing else prints. */
export type RunEvent =
  | { readonly kind: 'run-started'; readonly run: RunHeader }
  /** Another run holds the database; `holder` says who, as a sentence. */
  | { readonly kind: 'waiting-for-lease'; readonly holder: string }
  /** The run reached a named step; what a crash at this very moment would interrupt. */
  | { readonly kind: 'step'; readonly name: RunStep }
  | { readonly kind: 'swept'; readonly relations: readonly string[] }
  | { readonly kind: 'node-started'; readonly node: NodeLabel; readonly index: number; readonly total: number }
  | {
      readonly kind: 'node-finished'
      readonly node: NodeLabel
      readonly index: number
      readonly total: number
      readonly outcome: NodeOutcome
    }
  | { readonly kind: 'hook-started'; readonly name: string }
  | {
      readonly kind: 'hook-finished'
      readonly name: string
      readonly seconds: number
      readonly diagnostic?: Diagnostic
    }
  | { readonly kind: 'publish-started'; readonly relations: number }
  | {
      readonly kind: 'published'
      readonly relations: readonly string[]
      readonly seconds: number
      readonly staleDownstream: readonly string[]
    }
  /** `hooksRan`: hooks wrote outside the publishing transaction, and that is not undone. */
  | { readonly kind: 'not-published'; readonly reason: string; readonly hooksRan?: boolean }
  /** Part of a run was published and these nodes were not (`publish: passing`). */
  | { readonly kind: 'held-back'; readonly nodes: readonly string[]; readonly reason: string }
  | { readonly kind: 'log'; readonly message: string; readonly level: 'info' | 'debug' }
  | { readonly kind: 'print'; readonly message: string }
  | { readonly kind: 'diagnostic'; readonly diagnostic: Diagnostic }
  | { readonly kind: 'run-finished'; readonly summary: RunSummary }

export type RunStep =
  | 'connect'
  | 'sweep'
  | 'build'
  | 'test'
  | 'publish'
  | 'merge'
  | 'swap'
  | 'views'
  | 'state'
  | 'commit'
  | 'clean'

export type Emit = (event: RunEvent) => void

export interface RunHeader {
  readonly runId: string
  readonly version: string
  readonly command: string
  readonly project: string
  readonly target: string
  readonly location: string
  readonly threads: number
  /** How many nodes of each resource type the run has: `{ model: 12, 'data test': 30 }`. */
  readonly counts: Readonly<Record<string, number>>
}

export interface NodeLabel {
  readonly id: UniqueId
  readonly name: string
  readonly resourceType: string
  /** `table`, `view`, `incremental` …; absent for tests. */
  readonly materialization?: string
  /** `main.orders`, for what makes a relation. */
  readonly relation?: string
}

export interface NodeOutcome {
  readonly status: NodeStatus
  readonly seconds: number
  /** Rows of the candidate, or of an incremental's delta. */
  readonly rows?: number
  /** Failing rows (or what `fail_calc` says), for tests. */
  readonly failures?: number
  /** One short phrase: why skipped, what failed. */
  readonly message?: string
  readonly diagnostics: readonly Diagnostic[]
}

export interface RunSummary {
  readonly counts: Readonly<Record<NodeStatus, number>>
  readonly seconds: number
  readonly published: number
  readonly interrupted: boolean
}
