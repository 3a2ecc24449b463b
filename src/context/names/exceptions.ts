import { problem } from '../../diagnostics/errors.ts'
import { hostFunction, str } from '../../template/index.ts'
import { NamesObject } from '../objects/names-object.ts'
import { failAt } from '../problems.ts'
import type { ProjectContext } from '../project-context.ts'

/** The functions of `exceptions` that fail, with what they say of their arguments. The message stands at the caller's place. */
const RAISERS: Readonly<Record<string, (args: readonly string[]) => string>> = {
  raise_compiler_error: ([message = '']) => message,
  raise_database_error: ([message = '']) => message,
  raise_parsing_error: ([message = '']) => message,
  raise_not_implemented: ([message = '']) => message,
  raise_fail_fast_error: ([message = '']) => message,
  raise_dependency_error: ([message = '']) => message,
  raise_dep_not_found: (args) => `A dependency was not found: ${args.join(', ')}.`,
  raise_ambiguous_alias: (args) => `Two resources have the same name in the database: ${args.join(', ')}.`,
  raise_ambiguous_catalog_match: (args) => `Two relations match one resource: ${args.join(', ')}.`,
  raise_cache_inconsistent: ([message = '']) => message,
  raise_dataclass_not_dict: (args) => `An object was given where a dict is needed: ${args.join(', ')}.`,
  raise_duplicate_macro_name: (args) => `Two macros have one name: ${args.join(', ')}.`,
  raise_duplicate_resource_name: (args) => `Two resources have one name: ${args.join(', ')}.`,
  raise_contract_error: (args) => `The columns are not those of the contract: ${args.join('; ')}.`,
  raise_invalid_property_yml_version: (args) => `A properties file has a wrong version: ${args.join(', ')}.`,
  column_type_missing: (args) => `The contract needs the types of these columns: ${args.join(', ')}.`,
  missing_config: (args) => `A config is required and not set: ${args.join(', ')}.`,
  missing_materialization: (args) => `There is no such materialization: ${args.join(', ')}.`,
  missing_relation: ([relation = '', model]) => {
    return model
      ? `The relation ${relation} of "${model}" is not in the database.`
      : `The relation ${relation} is not in the database.`
  },
  relation_wrong_type: ([relation = '', expected = '']) => `The relation ${relation} is not a ${expected}.`,
}

/** `exceptions`. What is raised becomes an error of code `raised` at the call. */
export function exceptionsObject(project: ProjectContext): NamesObject {
  const raisers = Object.entries(RAISERS).map(([name, describe]) => {
    const raise = hostFunction(name, (args, kwargs, call) => {
      return failAt(call, 'raised', describe([...args, ...kwargs.values()].map(str)))
    })
    return [name, raise] as const
  })
  return new NamesObject('exceptions', { ...Object.fromEntries(raisers), warn: warnFunction(project) })
}

/** `exceptions.warn(message)`: a warning at the call; gives empty text. */
function warnFunction(project: ProjectContext): unknown {
  return hostFunction('warn', (args, _, call) => {
    const diagnostic = problem('warned', str(args[0]), { severity: 'warning', place: call.place })
    project.emit({ kind: 'diagnostic', diagnostic })
    return ''
  })
}
