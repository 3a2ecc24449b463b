import type { HookConfig, NodeConfig } from '../config/node-config.ts'
import type { ExternalCall, ExternalFiles } from '../sql/dialect.ts'
import type { Relation } from '../sql/relation.ts'
import type { TemplateTree } from '../template/index.ts'
import type { SourceFile, Span } from '../text/source-file.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { JsonObject } from '../util/json.ts'
import type { Panel, PersonalDataAllowance } from './panel.ts'

export type ResourceType = 'model' | 'seed' | 'snapshot' | 'source' | 'test' | 'macro' | 'operation' | 'exposure'

/** A `ref(...)` as it was written or reached. `package` and `version` only where the call names them. */
export interface RefCall {
  readonly package?: string
  readonly name: string
  readonly version?: string
  readonly place?: Span
}

export interface SourceCall {
  readonly source: string
  readonly table: string
  readonly place?: Span
}

export interface ColumnProperties {
  readonly name: string
  readonly description: string
  readonly data_type?: string
  readonly quote?: boolean
  readonly tags: readonly string[]
  readonly meta: JsonObject
  readonly constraints: readonly Constraint[]
  readonly place?: Span
  readonly typePlace?: Span
}

/** What a contract promises of a model's rows: of one column, or of the whole model. */
export interface Constraint {
  readonly type: ConstraintType
  readonly name?: string
  /** SQL: the condition of a `check`, a whole `custom` constraint, or what stands behind the words of the others. */
  readonly expression?: string
  /** The columns that it is about; empty for a constraint that stands on a column. */
  readonly columns: readonly string[]
  /** The parent of a foreign key as written: `ref('customers')`. */
  readonly to?: string
  readonly toColumns: readonly string[]
  readonly warnUnenforced: boolean
  readonly warnUnsupported: boolean
  readonly place: Span
}

export type ConstraintType = 'check' | 'not_null' | 'unique' | 'primary_key' | 'foreign_key' | 'custom'

/** What every node has, from the moment it is parsed. */
export interface NodeBase {
  readonly id: UniqueId
  readonly name: string
  readonly package: string
  /** Package, folders below the resource root, name: what selectors match and the project file's folder tree configures. */
  readonly fqn: readonly string[]
  /** The file that defines it. For generic tests, the properties file. */
  readonly file: SourceFile
  /** Where the definition starts: what "duplicate" and "cycle" point at. */
  readonly place: Span
  readonly description: string
  readonly columns: readonly ColumnProperties[]
  readonly config: NodeConfig
  /** The config as it was written, before templates were rendered: what `state:modified` compares. */
  readonly unrenderedConfig: JsonObject
  /** Where each config key was set, for messages. */
  readonly configPlaces: ReadonlyMap<string, Span>
  /** SHA-256 of the file's stripped text, as dbt's checksum. */
  readonly checksum: string
  /** The properties file that describes it. */
  readonly patchFile?: SourceFile
}

/** Everything whose SQL is a template: models, snapshots, data tests and hooks. */
export interface TemplatedNode extends NodeBase {
  readonly tree: TemplateTree
  /** The template as written. */
  readonly rawCode: string
}

/** What a node reaches, by name (parsed) … */
export interface NamedReferences {
  readonly refs: readonly RefCall[]
  readonly sources: readonly SourceCall[]
  readonly macros: readonly UniqueId[]
}

/** … and by id (resolved). */
export interface References {
  /** Every distinct ref and source, resolved; in the order in which they were reached. */
  readonly refs: readonly { readonly call: RefCall; readonly id: UniqueId }[]
  readonly sources: readonly { readonly call: SourceCall; readonly id: UniqueId }[]
  readonly macros: readonly UniqueId[]
  /** The ids of both, without repetition. */
  readonly dependsOn: readonly UniqueId[]
}

export interface Model extends TemplatedNode, References {
  readonly kind: 'model'
  /** Those of the whole model; the others stand on its columns. */
  readonly constraints: readonly Constraint[]
  /** The published relation; absent for ephemeral models and for `per_value` models, whose relations are known at run time. */
  readonly relation?: Relation
}

export interface Snapshot extends TemplatedNode, References {
  readonly kind: 'snapshot'
  readonly relation: Relation
}

export interface Seed extends NodeBase {
  readonly kind: 'seed'
  readonly relation: Relation
  /** Absolute path of the CSV file. */
  readonly csvPath: string
}

export interface DataTest extends TemplatedNode, References {
  readonly kind: 'test'
  /** Absent for singular tests. */
  readonly generic?: GenericTest
}

export interface GenericTest {
  /** `not_null`, `unique`, … and the package that owns it when the test names one. */
  readonly name: string
  readonly namespace?: string
  /** The arguments as written, with `model` and `column_name` as dbt puts them. */
  readonly kwargs: JsonObject
  readonly columnName?: string
  /** The node or source that the test was declared on. */
  readonly attachedTo: UniqueId
  /** The `{% test %}` block that runs. */
  readonly macro: UniqueId
}

export interface Source {
  readonly kind: 'source'
  readonly id: UniqueId
  readonly package: string
  readonly sourceName: string
  readonly name: string
  readonly fqn: readonly string[]
  readonly file: SourceFile
  readonly place: Span
  readonly description: string
  readonly sourceDescription: string
  readonly columns: readonly ColumnProperties[]
  readonly config: NodeConfig
  readonly loader: string
  readonly relation: Relation
  /** Set for sources that are files. */
  readonly external?: ExternalSource
  /** Where their location stands. */
  readonly externalPlace?: Span
  /** Null where it was turned off. */
  readonly freshness: Freshness | null
  /** SQL over the table that gives when a row was loaded. */
  readonly loadedAtField?: string
  /** A query of one value, as a template: when the newest row was loaded. */
  readonly loadedAtQuery?: string
}

/** How old the newest row of a source may be, under dbt's keys. */
export type Freshness = {
  readonly warn_after: FreshnessLimit | null
  readonly error_after: FreshnessLimit | null
  /** SQL: only these rows count. */
  readonly filter: string | null
}

/** Nothing is said by a limit of nulls. */
export type FreshnessLimit = {
  readonly count: number | null
  readonly period: 'minute' | 'hour' | 'day' | null
}

/** A source that is files: `location` is a path or glob relative to the project. Or a call that reads them. */
export type ExternalSource = ExternalFiles | ExternalCall

export interface Macro {
  readonly kind: 'macro'
  readonly id: UniqueId
  readonly name: string
  readonly package: string
  readonly file: SourceFile
  readonly place: Span
  readonly description: string
  readonly definition: import('../template/index.ts').MacroDefinition
}

/** An `on-run-start` or `on-run-end` hook of the project file. */
export interface Operation extends TemplatedNode, References {
  readonly kind: 'operation'
  readonly when: 'on-run-start' | 'on-run-end'
  readonly index: number
  readonly hook: HookConfig
}

export interface Exposure {
  readonly kind: 'exposure'
  readonly id: UniqueId
  readonly name: string
  readonly package: string
  readonly fqn: readonly string[]
  readonly file: SourceFile
  readonly place: Span
  readonly properties: JsonObject
  readonly dependsOn: readonly UniqueId[]
  /** What a dashboard shows; empty for others. */
  readonly panels: readonly Panel[]
  /** Absent where all personal data is masked. */
  readonly allowance?: PersonalDataAllowance
}

/** What a run builds or tests. */
export type RunnableNode = Model | Snapshot | Seed | DataTest
/** What the graph orders and selectors select. */
export type GraphNode = RunnableNode | Source | Exposure
