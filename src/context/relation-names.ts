import type { ParseSubject } from './parse-subject.ts'
import type { ProjectContext } from './project-context.ts'

/** The names that `generate_database_name`, `generate_schema_name` and `generate_alias_name` give a node. Throws UserError. */
export function relationNameFor(
  _project: ProjectContext,
  _node: ParseSubject,
): { readonly database: string; readonly schema: string; readonly identifier: string } {
  throw new Error('Internal error: the template engine is not there')
}
