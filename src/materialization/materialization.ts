import type { ColumnInfo, ExistingIndex } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Model, Seed, Snapshot } from '../manifest/nodes.ts'
import type { ColumnDefinition } from '../sql/column-definition.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Relation, RelationKind } from '../sql/relation.ts'
import type { Statement } from '../sql/statement.ts'
import type { Contract } from './contract/contract.ts'

/**
 * How a node becomes a relation. Pure: functions of what was compiled and of what exists, returning statements.
 *
 * `build` makes the **candidate** beside the published relation; `publish` turns it into the published relation, in steps
 * of the one publishing transaction.
 */
export interface Materialization {
  readonly name: string
  readonly build: (input: BuildInput) => Build
  readonly publish: (input: PublishInput) => PublishSteps
}

export interface BuildInput {
  readonly compiled: CompiledNode<Model | Seed | Snapshot>
  readonly dialect: Dialect
  /** The published relation. */
  readonly target: Relation
  /** The same relation with `physical` set: what others of this run read. */
  readonly candidate: Relation
  /** Makes the name of a further relation of this candidate, such as an incremental's delta: `auxiliary('delta')`. */
  readonly auxiliary: (purpose: string) => Relation
  /** What stands under the published name now. */
  readonly existing: Existing | undefined
  /** `--full-refresh`, already overruled by the node's own `full_refresh`. */
  readonly fullRefresh: boolean
  /** When the run started, ISO 8601 in UTC. */
  readonly runStartedAt: string
  /** What the model's contract promises, held against its query; absent where none is enforced. */
  readonly contract?: Contract
  /** What the CSV file of a seed holds; set for seeds and nothing else. */
  readonly seed?: SeedShape
}

export interface SeedShape {
  /** The columns of the header, with the types that were declared or inferred. */
  readonly columns: readonly ColumnDefinition[]
  /** Whether every field is known to stand for itself, so that it can be loaded without another look. */
  readonly isPlain?: boolean
}

export interface Existing {
  readonly kind: RelationKind
  /** Read only for what is merged into. */
  readonly columns: readonly ColumnInfo[]
  /** Read only for materialized views. */
  readonly indexes?: readonly ExistingIndex[]
  /** The SQL of a view or materialized view as Lavra published it; absent when it did not. */
  readonly definition?: string
}

export interface Build {
  readonly candidateKind: RelationKind
  /** What is published in the end. Whatever is no table is made when everything that it may read is published. */
  readonly becomes: RelationKind
  /** Whether the candidate replaces the published relation, is merged into it, or says what that is filled with anew. */
  readonly mode: 'replace' | 'merge' | 'refresh'
  /**
   * Every relation that `statements` and `finish` make, in the order in which they are made: to be dropped in reverse.
   */
  readonly makes: readonly { readonly relation: Relation; readonly kind: RelationKind }[]
  readonly statements: readonly Statement[]
  /** The relation whose rows are counted for the result: the candidate, or the delta. */
  readonly counts?: Relation
  /**
   * For what depends on the columns just built: called once with the columns of `describe`. Throws UserError
   * (`on_schema_change: fail`).
   */
  readonly finish?: {
    readonly describe: Relation
    readonly complete: (columns: readonly ColumnInfo[]) => FinishedBuild
  }
}

export interface FinishedBuild {
  readonly statements: readonly Statement[]
  /** Queries that must return no row: the first row found fails the node with `diagnostic(row)`. */
  readonly checks: readonly Check[]
  /** What is told, and stops nothing. */
  readonly warnings?: readonly Diagnostic[]
}

export interface Check {
  readonly sql: string
  readonly diagnostic: (row: readonly unknown[], columns: readonly string[]) => Diagnostic
}

export interface PublishInput {
  readonly dialect: Dialect
  readonly compiled: CompiledNode<Model | Seed | Snapshot>
  readonly target: Relation
  readonly candidate: Relation
  readonly auxiliary: (purpose: string) => Relation
  readonly existing: Existing | undefined
  readonly build: Build
  readonly contract?: Contract
  /** Columns of the published relation and of the candidate (or delta), read just before. */
  readonly publishedColumns: readonly ColumnInfo[]
  readonly candidateColumns: readonly ColumnInfo[]
  /** The indexes that stand on the published relation. */
  readonly publishedIndexes: readonly ExistingIndex[]
  /** Set when the replaced table is to be kept under this identifier instead of being dropped. */
  readonly retainAs?: string
  /** The published table must stay: its rows are replaced, not the table. Its columns are the candidate's. */
  readonly inPlace: boolean
  /** Statements that give a relation that takes the published one's place what others were granted on that. */
  readonly privileges: readonly string[]
}

/** What publishes one relation. */
export interface PublishSteps {
  /** Reading and writing of rows, before anybody is kept away: merges and copies. */
  readonly data: readonly Statement[]
  /** What changes the relation itself. From the first of these until the COMMIT nobody else may use it. */
  readonly swap: readonly Statement[]
  /** Instead of `swap` for a view that had to go aside, because something that it reads was replaced. */
  readonly anew?: readonly Statement[]
  /**
   * What becomes of the relation that was published: only its rows change; it is changed and stays (columns are added);
   * or it goes or changes in a way that views on it do not survive.
   */
  readonly effect: 'rows' | 'extends' | 'replaces'
  /** The relation of `build.makes` that is the published one now, so that it is not dropped. */
  readonly becomesPublished?: Relation
}
