import { type ArtifactMetadata, DBT_VERSION, schemaAddress } from '../../artifacts/metadata.ts'
import type { ProjectContext } from '../../context/project-context.ts'
import { version } from '../../version.ts'

/** The head of an artifact. */
export function artifactMetadata(
  schema: { readonly name: string; readonly version: number },
  project: ProjectContext,
  generatedAt: string,
): ArtifactMetadata {
  return {
    dbt_schema_version: schemaAddress(schema.name, schema.version),
    dbt_version: DBT_VERSION,
    generated_at: generatedAt,
    invocation_id: project.invocationId,
    invocation_started_at: project.runStartedAt,
    env: { LAVRA_VERSION: version },
  }
}
