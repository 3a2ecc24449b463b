import type { JsonObject } from '../util/json.ts'

/** What every artifact begins with. */
export interface ArtifactMetadata {
  /** `https://schemas.getdbt.com/dbt/manifest/v12.json`: by this readers tell what they have. */
  readonly dbt_schema_version: string
  /** The version of dbt whose form this is, because readers compare it; Lavra's own version is in `env`. */
  readonly dbt_version: string
  /** ISO 8601 in UTC. */
  readonly generated_at: string
  readonly invocation_id: string | null
  readonly invocation_started_at: string | null
  readonly env: JsonObject
}

/** The release of dbt that wrote the artifacts ours are modelled on. */
export const DBT_VERSION = '1.11.16'

export function schemaAddress(name: string, version: number): string {
  return `https://schemas.getdbt.com/dbt/${name}/v${version}.json`
}
