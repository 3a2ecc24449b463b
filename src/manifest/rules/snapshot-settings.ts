import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { Manifest } from '../manifest.ts'
import type { Snapshot } from '../nodes.ts'

/** Snapshots without the settings that their strategy needs. */
export function checkSnapshotSettings(manifest: Manifest): readonly Diagnostic[] {
  return [...manifest.nodes.values()].flatMap((node) => (node.kind === 'snapshot' ? missingSettings(node) : []))
}

function missingSettings(snapshot: Snapshot): readonly Diagnostic[] {
  const { strategy, unique_key: uniqueKey, updated_at: updatedAt, check_cols: checkColumns } = snapshot.config
  const missing: Diagnostic[] = []
  if (uniqueKey === undefined) missing.push(settingMissing(snapshot, 'unique_key', 'the column that tells rows apart'))
  if (strategy === undefined) missing.push(settingMissing(snapshot, 'strategy', 'timestamp or check'))
  if (strategy === 'timestamp' && updatedAt === undefined) {
    missing.push(settingMissing(snapshot, 'updated_at', 'the column that says when a row was last changed'))
  }
  if (strategy === 'check' && checkColumns === undefined) {
    missing.push(settingMissing(snapshot, 'check_cols', 'all, or the columns whose change makes a new version'))
  }
  return missing
}

function settingMissing(snapshot: Snapshot, key: string, what: string): Diagnostic {
  return problem('snapshot-config', `The snapshot "${snapshot.name}" needs the config "${key}".`, {
    place: snapshot.configPlaces.get('strategy') ?? snapshot.place,
    hint: `it is ${what}`,
  })
}
