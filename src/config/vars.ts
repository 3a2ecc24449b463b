import { problem, UserError } from '../diagnostics/errors.ts'
import type { Json, JsonObject } from '../util/json.ts'
import { isJsonObject } from '../util/json.ts'
import { parseYaml } from './yaml.ts'

/** Finds the value of a variable for a template of a package. */
export interface Vars {
  find(name: string, packageName: string): Json | undefined
  /** Every name that is set for the package, for "did you mean". */
  names(packageName: string): readonly string[]
}

/**
 * Variables as dbt ranks them: those of the command line, then those that the project file sets for the package
 * (`vars: {shop: {x: 1}}`), then those that it sets for all. A map is a package's only under the name of a package.
 */
export function createVars(commandLine: JsonObject, projectFile: JsonObject): Vars {
  const layers = (packageName: string): readonly JsonObject[] => {
    const own = projectFile[packageName]
    return [commandLine, isJsonObject(own) ? own : {}, projectFile]
  }
  return {
    find(name, packageName) {
      for (const layer of layers(packageName)) if (Object.hasOwn(layer, name)) return layer[name]
      return undefined
    },
    names: (packageName) => [...new Set(layers(packageName).flatMap((layer) => Object.keys(layer)))],
  }
}

/** The value of `--vars`: a map in YAML or JSON, `{as_of: 2020-02-03}`. Throws `UserError` (`vars-invalid`). */
export function parseVarsFlag(text: string): JsonObject {
  const { value } = parseYaml({ path: '--vars', text })
  if (value === null) return {}
  if (isJsonObject(value)) return value
  throw new UserError(
    problem('vars-invalid', `The flag --vars takes a map, not ${JSON.stringify(value)}.`, {
      hint: `write --vars '{name: value}'`,
    }),
  )
}
