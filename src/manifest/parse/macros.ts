import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { collecting } from '../../diagnostics/errors.ts'
import { readMacros } from '../../template/index.ts'
import type { SourceFile } from '../../text/source-file.ts'
import { uniqueId } from '../../text/unique-id.ts'
import type { Macro } from '../nodes.ts'

/** The macros, generic tests and materializations of some files of one package. */
export function parseMacros(
  files: readonly SourceFile[],
  packageName: string,
  problems: Diagnostic[],
): readonly Macro[] {
  return files.flatMap((file) => {
    const definitions = collecting(problems, () => readMacros(file)) ?? []
    return definitions.map(
      (definition): Macro => ({
        kind: 'macro',
        id: uniqueId('macro', packageName, definition.name),
        name: definition.name,
        package: packageName,
        file,
        place: definition.place,
        description: '',
        definition,
      }),
    )
  })
}
