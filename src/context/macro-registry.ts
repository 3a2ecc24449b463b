import type { Macro } from '../manifest/nodes.ts'

/** The package of the macros that come with Lavra; what `dbt.type_string()` means. */
export const BUILTIN_PACKAGE = 'dbt'

/** Every macro of the project, found as dbt finds them. */
export interface MacroRegistry {
  readonly rootPackage: string
  /**
   * A bare name in a template of `fromPackage`: that package, then the root project, then the built-in macros. The
   * package is always the node's, so a macro of the root project replaces a built-in one even for other built-in ones.
   */
  find(name: string, fromPackage: string): Macro | undefined
  /** `package.name`. */
  findIn(packageName: string, name: string): Macro | undefined
  /** The `{% test %}` block of a generic test; `namespace` where the test names its package. */
  findTest(name: string, namespace: string | undefined, fromPackage: string): Macro | undefined
  /** `adapter.dispatch`: the first of the candidates that exists. */
  dispatch(request: DispatchRequest): Macro | undefined
  /** `package.name` of everything that `dispatch` would try, in order. */
  dispatchCandidates(request: DispatchRequest): readonly string[]
  /** All names, without packages. */
  names(): readonly string[]
  /** The names in one package. */
  namesIn(packageName: string): readonly string[]
  packages(): readonly string[]
}

export interface DispatchRequest {
  readonly name: string
  /** `macro_namespace`. Absent: any package that a bare name reaches. */
  readonly namespace: string | undefined
  readonly fromPackage: string
  /** `duckdb`: the prefix that is tried before `default`. */
  readonly adapterType: string
  /** `dispatch:` of the project file. */
  readonly config: readonly { readonly macro_namespace: string; readonly search_order: readonly string[] }[]
}

export function createMacroRegistry(
  macros: readonly Macro[],
  options: { readonly rootPackage: string },
): MacroRegistry {
  const { rootPackage } = options
  const byPackage = groupByPackage(macros)
  const packageNames = [...byPackage.keys()]

  function findIn(packageName: string, name: string): Macro | undefined {
    return byPackage.get(packageName)?.get(name)
  }

  function find(name: string, fromPackage: string): Macro | undefined {
    return findIn(fromPackage, name) ?? findIn(rootPackage, name) ?? findIn(BUILTIN_PACKAGE, name)
  }

  function packagesToSearch(request: DispatchRequest): readonly string[] {
    const { namespace, fromPackage } = request
    if (namespace === undefined) return [...new Set([fromPackage, rootPackage, BUILTIN_PACKAGE])]
    const configured = request.config.find((entry) => entry.macro_namespace === namespace)
    return configured?.search_order ?? [...new Set([rootPackage, namespace])]
  }

  function* candidates(request: DispatchRequest): Iterable<readonly [packageName: string, name: string]> {
    for (const packageName of packagesToSearch(request)) {
      for (const prefix of [request.adapterType, 'default']) yield [packageName, `${prefix}__${request.name}`]
    }
  }

  return {
    rootPackage,
    find,
    findIn,
    findTest(name, namespace, fromPackage) {
      return namespace === undefined ? find(`test_${name}`, fromPackage) : findIn(namespace, `test_${name}`)
    },
    dispatch(request) {
      for (const [packageName, name] of candidates(request)) {
        const found = findIn(packageName, name)
        if (found) return found
      }
      return undefined
    },
    dispatchCandidates: (request) => Array.from(candidates(request), (candidate) => candidate.join('.')),
    names: () => [...new Set(macros.map((macro) => macro.name))],
    namesIn: (packageName) => [...(byPackage.get(packageName)?.keys() ?? [])],
    packages: () => packageNames,
  }
}

function groupByPackage(macros: readonly Macro[]): ReadonlyMap<string, ReadonlyMap<string, Macro>> {
  const byPackage = new Map<string, Map<string, Macro>>()
  for (const macro of macros) {
    const ofPackage = byPackage.get(macro.package) ?? new Map<string, Macro>()
    byPackage.set(macro.package, ofPackage.set(macro.name, macro))
  }
  return byPackage
}
