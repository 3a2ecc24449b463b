import type { NodeConfig } from '../config/node-config.ts'
import type { RefCall, ResourceType, SourceCall } from '../manifest/nodes.ts'
import type { SourceFile, Span } from '../text/source-file.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Json } from '../util/json.ts'

/** A node that is being parsed: what its template may know of itself before it is resolved. */
export interface ParseSubject {
  readonly id: UniqueId
  readonly name: string
  readonly package: string
  readonly resourceType: ResourceType
  readonly fqn: readonly string[]
  readonly file: SourceFile
  /** Relative to the resource root: `silver/stg_orders.sql`. */
  readonly path: string
  /** The configuration of all layers but the file's own `config()`. */
  readonly config: NodeConfig
}

/** What a template reached while it was rendered for parsing, in the order in which it was reached. */
export interface ParseCapture {
  readonly refs: readonly RefCall[]
  readonly sources: readonly SourceCall[]
  /** Every macro that was called, at any depth, without repetition. */
  readonly macros: readonly UniqueId[]
  /** The arguments of `config()`, with `-` in keys turned into `_`. A key may come more than once. */
  readonly config: readonly CapturedConfig[]
  readonly rendered: string
}

export interface CapturedConfig {
  readonly key: string
  readonly value: Json
  readonly place?: Span
}
