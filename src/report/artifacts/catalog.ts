import type { ColumnInfo } from '../../adapters/adapter.ts'
import type { CatalogArtifact, CatalogStatistic, CatalogTable } from '../../artifacts/catalog-artifact.ts'
import type { ProjectContext } from '../../context/project-context.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import { findGraphNode } from '../../manifest/manifest.ts'
import type { ColumnProperties } from '../../manifest/nodes.ts'
import type { Relation, RelationKind } from '../../sql/relation.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import { artifactMetadata } from './metadata.ts'

/** A relation as it was found in the database. */
export interface FoundRelation {
  readonly id: UniqueId
  readonly relation: Relation
  readonly kind: RelationKind
  readonly columns: readonly ColumnInfo[]
  /** Where it is known without counting. */
  readonly rows?: number | undefined
}

export interface CatalogInput {
  readonly manifest: Manifest
  readonly project: ProjectContext
  readonly found: readonly FoundRelation[]
  /** ISO 8601 in UTC. */
  readonly generatedAt: string
}

/** The relations of a project as `catalog.json`, schema version 1. */
export function catalogArtifact({ manifest, project, found, generatedAt }: CatalogInput): CatalogArtifact {
  const tables = found.map((each) => [each.id, catalogTable(each, manifest, project)] as const)
  return {
    metadata: artifactMetadata({ name: 'catalog', version: 1 }, project, generatedAt),
    nodes: Object.fromEntries(tables.filter(([id]) => !manifest.sources.has(id))),
    sources: Object.fromEntries(tables.filter(([id]) => manifest.sources.has(id))),
    errors: null,
  }
}

/** What dbt's catalogs call the kinds of relations. */
const TYPES: Readonly<Record<RelationKind, string>> = {
  table: 'BASE TABLE',
  view: 'VIEW',
  materialized_view: 'MATERIALIZED VIEW',
}

function catalogTable(found: FoundRelation, manifest: Manifest, project: ProjectContext): CatalogTable {
  const { id, relation, kind, columns, rows } = found
  const node = findGraphNode(manifest, id)
  const described = node && node.kind !== 'exposure' ? node : undefined
  return {
    metadata: {
      type: TYPES[kind],
      schema: relation.schema,
      name: relation.identifier,
      database: relation.database ?? project.target.database,
      comment: described?.description || null,
      owner: null,
    },
    columns: Object.fromEntries(
      columns.map(({ name, type }, at) => [
        name,
        { type, index: at + 1, name, comment: descriptionOf(name, described?.columns ?? []) },
      ]),
    ),
    stats: { has_stats: hasStatistics(rows), ...(rows === undefined ? {} : { row_count: rowCount(rows) }) },
    unique_id: id,
  }
}

function descriptionOf(name: string, columns: readonly ColumnProperties[]): string | null {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.description || null
}

function hasStatistics(rows: number | undefined): CatalogStatistic {
  return {
    id: 'has_stats',
    label: 'Has Stats?',
    value: rows !== undefined,
    include: false,
    description: 'Whether anything was counted for this relation',
  }
}

function rowCount(rows: number): CatalogStatistic {
  return { id: 'row_count', label: 'Rows', value: rows, include: true, description: 'Rows when last published' }
}
