import { mergeConfig } from '../config/merge-config.ts'
import type { ProjectContext } from '../context/index.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { parseTemplate } from '../template/index.ts'
import { span } from '../text/source-file.ts'
import { uniqueId } from '../text/unique-id.ts'
import type { Manifest } from './manifest.ts'
import type { Macro, Operation } from './nodes.ts'
import { checksumOf } from './parse/names.ts'

/** The name under which the arguments of the call are given to the template. */
export const CALL_ARGUMENTS = 'lavra_arguments'

export interface MacroCall {
  readonly macro: Macro
  /** A template that calls the macro with `lavra_arguments` by name. */
  readonly operation: Operation
}

/**
 * The call of a macro by its name, `grant_select` or `dbt_utils.log_info`, as `run-operation` makes it. It may refer to every
 * node and source, because nothing has to be waited for. Throws `UserError` (`macro-not-found`).
 */
export function macroCall(manifest: Manifest, project: ProjectContext, name: string): MacroCall {
  const macro = findMacro(project, name)
  if (!macro) {
    const hint = didYouMean(name, project.macros.names())
    throw new UserError(problem('macro-not-found', `There is no macro named "${name}".`, hint ? { hint } : {}))
  }
  const text = `{{ ${name}(**${CALL_ARGUMENTS}) }}`
  const file = { path: `run-operation ${name}`, text }
  const { config, places } = mergeConfig([], 'operation', [])
  // A model of one relation per value is no relation that could be named.
  const named = [...manifest.nodes.values()].filter((node) => node.kind !== 'model' || !node.config.per_value)
  const operation: Operation = {
    kind: 'operation',
    id: uniqueId('operation', project.name, macro.name),
    name: macro.name,
    package: project.name,
    fqn: [project.name, macro.name],
    file,
    place: span(file, 0, text.length),
    description: '',
    columns: [],
    config,
    unrenderedConfig: {},
    configPlaces: places,
    checksum: checksumOf(text),
    rawCode: text,
    tree: parseTemplate(file),
    refs: [],
    sources: [...manifest.sources.values()].map((source) => ({
      call: { source: source.sourceName, table: source.name },
      id: source.id,
    })),
    macros: [macro.id],
    dependsOn: [...named.map(({ id }) => id), ...manifest.sources.keys()],
    when: 'on-run-start',
    index: 0,
    hook: { sql: text, transaction: false },
  }
  return { macro, operation }
}

function findMacro({ macros, name: own }: ProjectContext, name: string): Macro | undefined {
  const [, packageName, inPackage] = /^(\w+)\.(\w+)$/.exec(name) ?? []
  if (packageName !== undefined && inPackage !== undefined) return macros.findIn(packageName, inPackage)
  return /^\w+$/.test(name) ? macros.find(name, own) : undefined
}
