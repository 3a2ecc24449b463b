import type { Relation, RelationKind } from '../sql/relation.ts'
import type { QueryResult } from '../sql/value.ts'

/** What templates may ask of the database while they render. Given by `run/`; absent at parse, where `execute` is false. */
export interface TemplateDatabase {
  /** Runs a query or statement on the node's own connection (`run_query`, `statement`). */
  query(sql: string): Promise<QueryResult>
  /** The kind of a relation as the node sees it (its candidate, when this run builds one), or undefined when it is not there. */
  kindOf(relation: Relation): Promise<RelationKind | undefined>
  columnsOf(relation: Relation): Promise<readonly { readonly name: string; readonly type: string }[]>
  listRelations(schema: string): Promise<readonly { readonly identifier: string; readonly kind: RelationKind }[]>
}
