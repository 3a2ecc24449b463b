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

/** What the project files of packages set, by package. */
export type PackageVars = Readonly<Record<string, JsonObject>>

/**
 * Variables as dbt ranks them: those of the command line, then those that the project file sets for the package
 * (`vars: {shop: {x: 1}}`), then those that it sets for all, then the same of the package's own project file.
 */
export function createVars(commandLine: JsonObject, projectFile: JsonObject, packages: PackageVars = {}): Vars {
  const layers = (packageName: string): readonly JsonObject[] => {
    const ofPackage = packages[packageName] ?? {}
    return [commandLine, mapUnder(projectFile, packageName), projectFile, mapUnder(ofPackage, packageName), ofPackage]
  }
  return {
    find(name, packageName) {
      for (const layer of layers(packageName)) if (Object.hasOwn(layer, name)) return layer[name]
      return undefined
    },
    names: (packageName) => [...new Set(layers(packageName).flatMap((layer) => Object.keys(layer)))],
  }
}

function mapUnder(vars: JsonObject, packageName: string): JsonObject {
  const own = vars[packageName]
  return isJsonObject(own) ? own : {}
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
