import type { ColumnInfo } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import { invariant } from '../diagnostics/errors.ts'
import type { Model, Seed, Snapshot } from '../manifest/nodes.ts'
import type { Contract } from '../materialization/contract/contract.ts'
import type { Build, Existing } from '../materialization/materialization.ts'
import type { Relation, RelationKind } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { NodeSubject } from './compiler.ts'

/** A relation that this run built and has not published: everything that its publication needs to know. */
export interface Candidate {
  readonly node: Model | Seed | Snapshot
  readonly target: Relation
  readonly candidate: Relation
  readonly existing: Existing | undefined
  readonly compiled: CompiledNode<Model | Seed | Snapshot>
  /** What the node's templates were told; post-hooks are told the same. */
  readonly subject: NodeSubject
  readonly build: Build
  readonly contract?: Contract
  /** Columns of what `build.finish` described, or of the candidate. */
  readonly columns: readonly ColumnInfo[]
  readonly rows?: number
}

/** The candidates of a run. Filled while nodes are built, read by refs, tests and the publication. */
export class Candidates {
  readonly #byNode = new Map<UniqueId, Candidate[]>()
  #made: { readonly relation: Relation; readonly kind: RelationKind }[] = []

  /** Remembers relations about to be made, so that they are dropped when the run does not publish them. */
  willMake(relations: Build['makes']): void {
    this.#made.push(...relations)
  }

  /** A publication of these candidates was committed: of what they were made of, nothing is left to drop. */
  areGone(candidates: readonly Candidate[]): void {
    this.wereDropped(candidates.flatMap(({ build }) => build.makes))
  }

  /** Relations that were made are not there any more. */
  wereDropped(relations: Build['makes']): void {
    const gone = new Set(relations)
    this.#made = this.#made.filter((made) => !gone.has(made))
  }

  /**
   * The views that were made for others than these candidates, the latest first: those of nodes that are withheld or failed.
   * They may stand on what is about to be published.
   */
  viewsBeside(candidates: readonly Candidate[]): Build['makes'] {
    const own = new Set(candidates.flatMap(({ build }) => build.makes))
    return this.made().filter((made) => made.kind !== 'table' && !own.has(made))
  }

  /** A node is about to be built: what it becomes may be no relation at all. */
  begin(id: UniqueId): void {
    this.#byNode.set(id, [])
  }

  add(candidate: Candidate): void {
    const known = this.#byNode.get(candidate.node.id)
    if (known) known.push(candidate)
    else this.#byNode.set(candidate.node.id, [candidate])
  }

  /** A node's candidates were published: from now on its published relations are read. */
  wasPublished(id: UniqueId): void {
    const published = this.ofNode(id).map((candidate) => ({ ...candidate, candidate: candidate.target }))
    this.#byNode.set(id, published)
  }

  /** The run is over, whatever it published: what is read now is what stands. */
  areOver(): void {
    this.#byNode.clear()
  }

  /** Whether this run builds the node, whatever number of relations it becomes. */
  hasBegun(id: UniqueId): boolean {
    return this.#byNode.has(id)
  }

  /** The candidates of one node: none when it was not built, several for one relation per value. */
  ofNode(id: UniqueId): readonly Candidate[] {
    return this.#byNode.get(id) ?? []
  }

  /** The one candidate relation of a node, or undefined when this run has not built it. */
  relationOf(id: UniqueId): Relation | undefined {
    const candidates = this.ofNode(id)
    invariant(candidates.length <= 1, `${id} has several relations and is read as one`)
    return candidates[0]?.candidate
  }

  /** The candidates that are not published yet, in the order in which they were built. */
  unpublished(): readonly Candidate[] {
    return [...this.#byNode.values()].flat().filter((candidate) => candidate.candidate.physical !== undefined)
  }

  /** The candidates that were published one by one (`publish: each`). */
  published(): readonly Candidate[] {
    return [...this.#byNode.values()].flat().filter((candidate) => candidate.candidate.physical === undefined)
  }

  /** Every relation that was made or begun, the latest first: the order in which to drop them. */
  made(): readonly { readonly relation: Relation; readonly kind: RelationKind }[] {
    return this.#made.toReversed()
  }
}
