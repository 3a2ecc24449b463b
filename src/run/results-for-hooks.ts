import { describeNode } from '../context/describe-node.ts'
import type { JsonObject } from '../util/json.ts'
import type { RunEnvironment } from './environment.ts'
import type { NodeResult } from './results.ts'

/** What `on-run-end` hooks see of a run: `results` with the fields of dbt's, and the `schemas` in which it built. */
export function resultsForHooks(
  { manifest, adapter }: Pick<RunEnvironment, 'manifest' | 'adapter'>,
  results: readonly NodeResult[],
): { readonly results: readonly JsonObject[]; readonly schemas: readonly string[] } {
  const schemas = new Set<string>()
  const described = results.flatMap((result): readonly JsonObject[] => {
    const node = manifest.nodes.get(result.id)
    if (!node) return []
    if (node.kind !== 'test' && node.relation && result.status === 'success') schemas.add(node.relation.schema)
    const render = (other: typeof node) =>
      other.kind !== 'test' && other.relation ? adapter.dialect.render(other.relation) : ''
    return [
      {
        unique_id: result.id,
        status: result.status,
        message: result.message ?? null,
        failures: result.failures ?? null,
        execution_time: result.seconds,
        thread_id: result.threadId,
        adapter_response: result.rows === undefined ? {} : { rows_affected: result.rows },
        timing: [],
        node: describeNode(node, render),
      },
    ]
  })
  return { results: described, schemas: [...schemas].sort() }
}
