import type { CompiledText } from '../compile/compile-text.ts'
import { inlineOperation } from '../manifest/inline.ts'
import type { Inspection } from './inspect.ts'
import type { LoadedProject } from './load-project.ts'

/** Compiles the query of `--inline` on what is published now. Throws `UserError` located in the query. */
export function compileInline(project: LoadedProject, inspection: Inspection, text: string): Promise<CompiledText> {
  const operation = inlineOperation(project.manifest, project.context, { path: '--inline', text })
  return inspection.compiler.operation(inspection.connection, operation, {})
}
