import type { Adapter } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { ProjectContext } from '../context/project-context.ts'
import type { WarningPolicy } from '../diagnostics/warning-policy.ts'
import type { Emit } from '../events/events.ts'
import type { Dag } from '../graph/dag.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Relation } from '../sql/relation.ts'
import type { Clock } from '../state/clock.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Candidates } from './candidates.ts'
import type { Catalog } from './catalog.ts'
import type { Compiler } from './compiler.ts'
import type { ConnectionPool } from './connection-pool.ts'
import type { SourceFiles } from './source-files.ts'

/** When candidates become published: all or nothing, what passed, or each node as soon as it is built. */
export type PublishMode = 'all' | 'passing' | 'each'

/** What every node of a run shares. Made once, when the lease is held and what exists is read. */
export interface RunEnvironment {
  readonly runId: string
  /** The eight digits that mark this run's candidates. */
  readonly mark: string
  readonly manifest: Manifest
  /** The graph of the whole project. */
  readonly graph: Dag<UniqueId>
  readonly project: ProjectContext
  readonly adapter: Adapter
  readonly connections: ConnectionPool
  readonly catalog: Catalog
  readonly candidates: Candidates
  readonly sourceFiles: SourceFiles
  readonly compiler: Compiler
  /** The nodes of the run: refs to these see candidates. */
  readonly selected: ReadonlySet<UniqueId>
  readonly fullRefresh: boolean
  readonly storeFailures: boolean | undefined
  /** Whether a test that warns has failed. */
  readonly warnings: WarningPolicy
  readonly publish: PublishMode
  /** How many replaced versions are kept of nodes that do not say. */
  readonly versions: number
  /** What is recorded as the time of something is read here. */
  readonly clock: Clock
  /** How long a publication waits for others to leave what it replaces. */
  readonly lockWaitMs: number
  readonly emit: Emit
  readonly signal: AbortSignal
  /** The tables of failing rows that tests of this run made; swapped in when the run ends, published or not. */
  readonly storedFailures: StoredFailures[]
  /** Whether a hook ran outside the publishing transaction: what it wrote stays, whatever becomes of the run. */
  readonly hooks: { ranOutside: boolean }
  /** Every node that was compiled, the latest of a node's relations: `target/compiled`. */
  readonly compiled: Map<UniqueId, CompiledNode>
  /** Keeps what was sent, for `target/run`. */
  readonly recordSent: (id: UniqueId, sql: string) => void
}

export interface StoredFailures {
  readonly test: UniqueId
  readonly target: Relation
  /** The same relation with `physical` set. */
  readonly relation: Relation
}
