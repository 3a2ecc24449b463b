/** What a relation is in the database; materialized views are Postgres' alone. */
export type RelationKind = 'table' | 'view' | 'materialized_view'

/**
 * The name of a table or view. `identifier` is always the published name; a relation built by this run and not yet
 * published is the same value with `physical` set, and only rendering it as SQL shows the difference.
 */
export interface Relation {
  /** Absent where the engine or the source does not name one; rendered as two parts then. */
  readonly database?: string
  readonly schema: string
  readonly identifier: string
  /** The identifier of the candidate that stands for this relation during the run. */
  readonly physical?: string
  /** Which parts are quoted when rendered; a part that is absent here is quoted. */
  readonly quoting?: Partial<Quoting>
  /** SQL that stands for the whole relation, such as `read_json('…')` for a source that is a file. Rendered as it is. */
  readonly expression?: string
}

export interface Quoting {
  readonly database: boolean
  readonly schema: boolean
  readonly identifier: boolean
}

/** The identifier that stands in the database right now. */
export function physicalIdentifier(relation: Relation): string {
  return relation.physical ?? relation.identifier
}

/** The same relation under its published name. */
export function published(relation: Relation): Relation {
  const { physical: _, ...rest } = relation
  return rest
}

/** A key that is equal for two relations exactly when the database would hold them to be one: case is ignored. */
export function relationKey(relation: Pick<Relation, 'database' | 'schema' | 'identifier' | 'physical'>): string {
  const identifier = relation.physical ?? relation.identifier
  return [relation.database ?? '', relation.schema, identifier].map((part) => part.toLowerCase()).join('\u0000')
}

/** `main.orders`: how messages name a relation. Published names, without quotes. */
export function relationLabel(relation: Pick<Relation, 'schema' | 'identifier'>): string {
  return `${relation.schema}.${relation.identifier}`
}
