import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { SourceFile, Span } from '../../text/source-file.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import type { JsonObject } from '../../util/json.ts'
import type {
  ColumnProperties,
  Constraint,
  ExternalSource,
  Freshness,
  Macro,
  NamedReferences,
  NodeBase,
  Operation,
  RefCall,
  SourceCall,
  TemplatedNode,
} from '../nodes.ts'
import type { Panel, PersonalDataAllowance } from '../panel.ts'

// What parsing gives: nodes whose refs are names.

/** Path below the resource folder: `silver/stg_orders.sql`. */
interface Below {
  readonly below: string
}

export interface ParsedModel extends TemplatedNode, NamedReferences, Below {
  readonly kind: 'model'
  readonly constraints: readonly Constraint[]
}

export interface ParsedSnapshot extends TemplatedNode, NamedReferences, Below {
  readonly kind: 'snapshot'
}

export interface ParsedSeed extends NodeBase, Below {
  readonly kind: 'seed'
  readonly csvPath: string
  /** What its hooks refer to. */
  readonly references: NamedReferences
}

export interface ParsedDataTest extends TemplatedNode, NamedReferences, Below {
  readonly kind: 'test'
  readonly generic?: ParsedGenericTest
}

export interface ParsedGenericTest {
  readonly name: string
  readonly namespace?: string
  readonly kwargs: JsonObject
  readonly columnName?: string
  readonly attachedTo: TestTarget
  readonly macro: UniqueId
}

/** What a generic test was declared on, by name. */
export type TestTarget =
  | { readonly kind: 'node'; readonly name: string; readonly place: Span }
  | { readonly kind: 'source'; readonly source: string; readonly table: string; readonly place: Span }

export interface ParsedSource {
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
  readonly config: NodeBase['config']
  readonly loader: string
  readonly database?: string
  readonly schema: string
  readonly identifier: string
  readonly external?: ExternalSource
  readonly externalPlace?: Span
  /** Null where it was turned off. */
  readonly freshness: Freshness | null
  /** SQL over the table that gives when a row was loaded. */
  readonly loadedAtField?: string
  /** A query of one value, as a template: when the newest row was loaded. */
  readonly loadedAtQuery?: string
}

export interface ParsedExposure {
  readonly id: UniqueId
  readonly name: string
  readonly package: string
  readonly fqn: readonly string[]
  readonly file: SourceFile
  readonly place: Span
  readonly properties: JsonObject
  readonly refs: readonly RefCall[]
  readonly sources: readonly SourceCall[]
  readonly panels: readonly ParsedPanel[]
  readonly allowance?: PersonalDataAllowance
  readonly enabled: boolean
}

export interface ParsedPanel extends Omit<Panel, 'model'> {
  readonly model: RefCall
}

export interface ParsedOperation extends TemplatedNode, NamedReferences {
  readonly kind: 'operation'
  readonly when: Operation['when']
  readonly index: number
  readonly hook: Operation['hook']
}

export type ParsedNode = ParsedModel | ParsedSnapshot | ParsedSeed | ParsedDataTest

/** A name that a properties file describes. */
export interface DescribedName {
  readonly kind: 'model' | 'seed' | 'snapshot' | 'data test'
  readonly name: string
  readonly place: Span
  /** How many tests it declares. */
  readonly tests: number
}

export interface ParsedProject {
  readonly described: readonly DescribedName[]
  readonly nodes: readonly ParsedNode[]
  readonly sources: readonly ParsedSource[]
  readonly exposures: readonly ParsedExposure[]
  readonly macros: readonly Macro[]
  readonly operations: readonly ParsedOperation[]
  readonly docs: ReadonlyMap<string, string>
  readonly warnings: readonly Diagnostic[]
}
