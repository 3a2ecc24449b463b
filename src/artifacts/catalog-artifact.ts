import type { ArtifactMetadata } from './metadata.ts'

/** `catalog.json`, version 1: the relations as the database has them. */
export interface CatalogArtifact {
  readonly metadata: ArtifactMetadata
  readonly nodes: Readonly<Record<string, CatalogTable>>
  readonly sources: Readonly<Record<string, CatalogTable>>
  readonly errors: readonly string[] | null
}

export interface CatalogTable {
  readonly metadata: {
    /** `BASE TABLE` or `VIEW`, as information_schema says. */
    readonly type: string
    readonly schema: string
    readonly name: string
    readonly database: string | null
    readonly comment: string | null
    readonly owner: string | null
  }
  readonly columns: Readonly<Record<string, CatalogColumn>>
  readonly stats: Readonly<Record<string, CatalogStatistic>>
  readonly unique_id: string | null
}

export interface CatalogColumn {
  readonly type: string
  /** Counts from 1. */
  readonly index: number
  readonly name: string
  readonly comment: string | null
}

export interface CatalogStatistic {
  readonly id: string
  readonly label: string
  readonly value: boolean | string | number | null
  readonly include: boolean
  readonly description: string | null
}
