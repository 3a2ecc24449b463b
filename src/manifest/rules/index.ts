import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Manifest } from '../manifest.ts'
import { checkMaterializations } from './materializations.ts'
import { checkNoCycles } from './no-cycles.ts'
import { checkNotSupported } from './not-supported.ts'
import { checkPerValue } from './per-value.ts'
import { checkSnapshotSettings } from './snapshot-settings.ts'
import { checkUniqueRelations } from './unique-relations.ts'
import { checkViewsOverFiles } from './views-over-files.ts'

/** Everything that must hold of a whole project. */
export function checkRules(manifest: Manifest): readonly Diagnostic[] {
  return [
    checkUniqueRelations,
    checkNoCycles,
    checkMaterializations,
    checkSnapshotSettings,
    checkPerValue,
    checkViewsOverFiles,
    checkNotSupported,
  ].flatMap((check) => check(manifest))
}
