import type { Manifest } from '../manifest/manifest.ts'
import type { Operation, RunnableNode } from '../manifest/nodes.ts'
import type { Relation } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { TemplateDatabase } from './database.ts'
import type { ProjectContext } from './project-context.ts'

/** What a node's template needs to know to be rendered for execution. */
export interface NodeScopeInput {
  readonly project: ProjectContext
  readonly manifest: Manifest
  readonly node: RunnableNode | Operation
  /** Absent: `run_query` and its like answer as they do at parse time, and `execute` stays true. */
  readonly database?: TemplateDatabase
  /** The relation of a node or source; with `physical` where this run builds it. Not asked for ephemeral models. */
  readonly relationOf: (id: UniqueId) => Relation
  /** What `this` is; the node's own published relation when absent. */
  readonly thisRelation?: Relation
  readonly isIncremental: boolean
  /** `--full-refresh`, already overruled by the node's own `full_refresh`. */
  readonly fullRefresh: boolean
  /** Told of every ephemeral model that a `ref` reached, so that its SQL can be put in front. */
  readonly onEphemeral?: (id: UniqueId) => void
  /** Further names, as plain data or database values: `results` and `schemas` for `on-run-end`, `sql` and `compiled_code` for hooks, `value` for `per_value`. */
  readonly extra?: Readonly<Record<string, unknown>>
}
