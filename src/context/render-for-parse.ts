import type { Macro } from '../manifest/nodes.ts'
import type { TemplateTree } from '../template/index.ts'
import type { JsonObject } from '../util/json.ts'
import type { ParseCapture, ParseSubject } from './parse-subject.ts'
import type { ProjectContext } from './project-context.ts'

/** Renders a template with `execute` false and tells what it reached. Throws UserError. */
export function renderForParse(_project: ProjectContext, _subject: ParseSubject, _tree: TemplateTree): ParseCapture {
  throw new Error('Internal error: the template engine is not there')
}

/** The same for a generic test: calls its macro with the arguments of the properties file. Throws UserError. */
export function captureGenericTest(
  _project: ProjectContext,
  _subject: ParseSubject,
  _macro: Macro,
  _kwargs: JsonObject,
): ParseCapture {
  throw new Error('Internal error: the template engine is not there')
}
