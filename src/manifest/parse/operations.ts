import { valueAt } from '../../config/located-value.ts'
import { mergeConfig } from '../../config/merge-config.ts'
import type { ProjectHook } from '../../config/project-file.ts'
import { writtenText } from '../../config/written-text.ts'
import { type ParseSubject, renderForParse, withTemplateText } from '../../context/index.ts'
import { collecting } from '../../diagnostics/errors.ts'
import { uniqueId } from '../../text/unique-id.ts'
import { checksumOf } from './names.ts'
import type { ParseContext } from './parse-context.ts'
import type { ParsedOperation } from './parsed.ts'
import { locatedIn } from './references.ts'

/** The project file's `on-run-start` and `on-run-end`, in their order. */
export function parseOperations(context: ParseContext): readonly ParsedOperation[] {
  const { onRunStart, onRunEnd } = context.projectFile
  return [
    ...onRunStart.flatMap((hook, index) => parseOperation(context, 'on-run-start', hook, index) ?? []),
    ...onRunEnd.flatMap((hook, index) => parseOperation(context, 'on-run-end', hook, index) ?? []),
  ]
}

function parseOperation(
  context: ParseContext,
  when: ParsedOperation['when'],
  { hook, at }: ProjectHook,
  index: number,
): ParsedOperation | undefined {
  const packageName = context.project.name
  const name = `${packageName}-${when}-${index}`
  const { config, places } = mergeConfig(
    [[{ key: 'tags', at: valueAt(at.place, when) }]],
    'operation',
    context.problems,
  )
  const { file } = at.place
  const subject: ParseSubject = {
    id: uniqueId('operation', packageName, name),
    name,
    package: packageName,
    resourceType: 'operation',
    fqn: [packageName, 'hooks', name],
    file,
    path: `hooks/${name}.sql`,
    config,
  }
  const reached = collecting(context.problems, () =>
    withTemplateText(hook.sql, writtenText(hook.sql, at.place) ?? at.place, (tree) => {
      const { refs, sources, macros } = locatedIn(tree, at.place, renderForParse(context.project, subject, tree))
      return { tree, refs, sources, macros }
    }),
  )
  if (!reached) return undefined
  return {
    kind: 'operation',
    id: subject.id,
    name,
    package: packageName,
    fqn: subject.fqn,
    file,
    place: at.place,
    description: '',
    columns: [],
    config,
    unrenderedConfig: {},
    configPlaces: places,
    checksum: checksumOf(hook.sql),
    rawCode: hook.sql,
    when,
    index,
    hook,
    ...reached,
  }
}
