import { invariant } from '../diagnostics/errors.ts'
import type { SourceFile } from '../text/source-file.ts'
import { splitBlocks } from './blocks.ts'
import { parseTemplate, templateIn } from './parse.ts'
import type { MacroDefinition } from './tree.ts'

/**
 * The macros, tests and materializations of a file, named as dbt names them (`test_unique`, `materialization_table_default`).
 * Throws `UserError` for the first block that does not parse.
 */
export function readMacros(file: SourceFile): readonly MacroDefinition[] {
  return splitBlocks(file, ['macro', 'test', 'data_test', 'materialization']).map((block) => {
    const tree = parseTemplate(file, block.place)
    const { macroKind, name, parameters } = templateIn(tree).macro
    invariant(macroKind !== 'snapshot' && macroKind !== 'docs', `${macroKind} is not a macro`)
    return { kind: macroKind, name, parameters: parameters.map((each) => each.name), place: block.place, tree }
  })
}
