import { describe, expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { readManifestArtifact } from './manifest-artifact.ts'
import { schemaAddress } from './metadata.ts'
import { readRunResults } from './run-results-artifact.ts'

const metadata = { dbt_schema_version: schemaAddress('manifest', 12) }

test('a manifest of an older dbt is read for what it has', () => {
  const text = JSON.stringify({
    metadata: { dbt_schema_version: schemaAddress('manifest', 5) },
    nodes: {
      'model.shop.orders': {
        name: 'orders',
        resource_type: 'model',
        fqn: ['shop', 'orders'],
        raw_sql: 'select 1',
        checksum: { name: 'sha256', checksum: '76a6' },
        config: { materialized: 'table' },
        columns: { id: { name: 'id', description: 'The key.' } },
      },
    },
    sources: {},
    exposures: {},
    macros: { 'macro.shop.cents': { macro_sql: '{% macro cents() %}{% endmacro %}' } },
  })
  const manifest = readManifestArtifact({ path: 'state/manifest.json', text })
  expect(manifest.nodes.get('model.shop.orders')).toEqual({
    resourceType: 'model',
    name: 'orders',
    fqn: ['shop', 'orders'],
    rawCode: 'select 1',
    checksum: '76a6',
    unrenderedConfig: {},
    description: '',
    columns: new Map([['id', { description: 'The key.', dataType: undefined }]]),
    contractEnforced: false,
    materialized: 'table',
    database: undefined,
    schema: undefined,
    alias: undefined,
  })
  expect([...manifest.macros]).toEqual([['macro.shop.cents', '{% macro cents() %}{% endmacro %}']])
})

describe('a file that is not what it should be is shown where it goes wrong', () => {
  test.each([
    [
      '{"metadata": {',
      `\
error[artifact-not-json] state/manifest.json:1:15
  "state/manifest.json" is not JSON: it ends or breaks off here.

  1 | {"metadata": {
    |               ~
  hint: the file may be from a run that was interrupted; write it again`,
    ],
    [
      '[]',
      `\
error[artifact-kind]
  "state/manifest.json" is not a manifest.json as Lavra or dbt writes it.
  hint: its "metadata" must have a "dbt_schema_version" that ends in "/dbt/manifest/v12.json"`,
    ],
    [
      '{\n"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json"}}',
      `\
error[artifact-kind] state/manifest.json:2:14
  "state/manifest.json" is not a manifest.json as Lavra or dbt writes it.

  1 | {
  2 | "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json"}}
    |              ~~~~~~~~~~~~~~~~~~~~
  hint: its "metadata" must have a "dbt_schema_version" that ends in "/dbt/manifest/v12.json"`,
    ],
    [
      '{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v20.json"}}',
      `\
error[artifact-version] state/manifest.json:1:15
  "state/manifest.json" is a manifest.json of schema version 20; Lavra reads versions 4 to 12.

  1 | {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v20.json"}}
    |               ~~~~~~~~~~~~~~~~~~~~`,
    ],
    [
      JSON.stringify({ metadata, nodes: [] }),
      `\
error[artifact-kind] state/manifest.json:1:87
  "state/manifest.json" has no "nodes" that is an object.

  1 | {"metadata":{"dbt_schema_version":"https://schemas.getdbt.com/dbt/manifest/v12.json"},"nodes":[]}
    |                                                                                       ~~~~~~~`,
    ],
  ])('%s', (text, expected) => {
    expect(messagesOf(() => readManifestArtifact({ path: 'state/manifest.json', text }))).toBe(expected)
  })

  test('run results are no manifest', () => {
    const text = JSON.stringify({ metadata })
    expect(messagesOf(() => readRunResults({ path: 'run_results.json', text }))).toContain(
      '"run_results.json" is not a run_results.json as Lavra or dbt writes it.',
    )
  })
})

function messagesOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof UserError)
      return error.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n')
    throw error
  }
  return ''
}
