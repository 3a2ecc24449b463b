import type { CompiledNode } from '../compile/index.ts'
import type { RelatedPlace } from '../diagnostics/diagnostic.ts'
import type { ProjectLineage } from '../lineage/node-lineage.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { DataTest, Model, Snapshot } from '../manifest/nodes.ts'
import type { Binding } from '../shadow/bind-project.ts'
import type { TemplatePlace } from '../template/index.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Key } from './keys.ts'
import type { ResolvedQuery } from './sql/resolve.ts'
import type { QueryTree } from './sql/tree.ts'

/** One kind of thing that an engine accepts and a person regrets. A rule that does not know says nothing. */
export interface Rule {
  /** What users write to allow it or to turn it off. */
  readonly code: string
  /** What a finding is where the project file says nothing; a rule that is off is one that projects ask for. */
  readonly severity: 'error' | 'warning' | 'off'
  /** What it finds, in one sentence. */
  readonly summary: string
  find(project: CheckedProject): Iterable<Finding> | Promise<Iterable<Finding>>
}

export interface Finding {
  /** The node that it is about. */
  readonly node: UniqueId
  /** Where it stands; a finding without a place is not told. */
  readonly place: TemplatePlace | undefined
  readonly message: string
  readonly hint?: string
  readonly related?: readonly RelatedPlace[]
}

/** A node whose SQL its author wrote: generic tests are left out. */
export type LintedNode = Model | Snapshot | DataTest

/**
 * What rules look at: a project that is bound. What takes time is made when the first rule asks for it, and once; a rule that
 * needs more, such as lineage, gets a member here.
 */
export interface CheckedProject {
  readonly manifest: Manifest
  readonly binding: Pick<Binding, 'columns' | 'compiled'>
  /** The nodes to look at: those that were selected and that the engine took. */
  readonly nodes: readonly LintedNode[]
  readonly lineage: ProjectLineage
  /** What is unique in the nodes and sources of which the project says so. */
  readonly keys: ReadonlyMap<UniqueId, readonly Key[]>
  /** The queries of these nodes; of an incremental model two. What the parser does not take is left out. */
  queries(): Promise<readonly CheckedQuery[]>
  /** Whether the engine takes each text as a value of its type; empty where the engine has said so already. */
  areValues(texts: readonly { readonly text: string; readonly type: string }[]): Promise<readonly boolean[]>
}

export interface CheckedQuery {
  readonly node: LintedNode
  readonly compiled: CompiledNode
  readonly tree: QueryTree
  readonly resolved: ResolvedQuery
  /** The place in the user's file of an offset of the SQL. */
  placeOf(at: number | undefined): TemplatePlace | undefined
}
