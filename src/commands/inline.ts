import type { CompiledText } from '../compile/compile-text.ts'
import { inlineOperation } from '../manifest/inline.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Inspection } from './inspect.ts'
import type { LoadedProject } from './load-project.ts'

export interface CompiledInline {
  readonly compiled: CompiledText
  /** What the query reads. */
  readonly dependsOn: readonly UniqueId[]
}

/** Compiles the query of `--inline` on what is published now. Throws `UserError` located in the query. */
export async function compileInline(
  project: LoadedProject,
  inspection: Inspection,
  text: string,
): Promise<CompiledInline> {
  const operation = inlineOperation(project.manifest, project.context, { path: '--inline', text })
  const compiled = await inspection.compiler.operation(inspection.connection, operation, {})
  return { compiled, dependsOn: operation.dependsOn }
}
