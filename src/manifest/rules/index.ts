import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Dialect } from '../../sql/dialect.ts'
import type { Manifest } from '../manifest.ts'
import { checkContracts } from './contracts.ts'
import { checkGrants } from './grants.ts'
import { checkMaterializations } from './materializations.ts'
import { checkNoCycles } from './no-cycles.ts'
import { checkNotSupported } from './not-supported.ts'
import { checkPanels } from './panels.ts'
import { checkPerValue } from './per-value.ts'
import { checkSnapshotSettings } from './snapshot-settings.ts'
import { checkUniqueRelations } from './unique-relations.ts'
import { checkViewsOverFiles } from './views-over-files.ts'

/** Everything that must hold of a whole project. */
export function checkRules(manifest: Manifest, dialect: Dialect): readonly Diagnostic[] {
  const checks = [
    checkUniqueRelations,
    checkNoCycles,
    checkMaterializations,
    checkSnapshotSettings,
    checkPerValue,
    checkContracts,
    checkViewsOverFiles,
    checkPanels,
    checkNotSupported,
  ]
  return [...checks.flatMap((check) => check(manifest)), ...checkGrants(manifest, dialect)]
}
