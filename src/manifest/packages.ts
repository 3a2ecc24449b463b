import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { childOf, itemsOf } from '../config/located-value.ts'
import { parseYaml } from '../config/yaml.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { type SourceFile, span } from '../text/source-file.ts'
import type { JsonObject } from '../util/json.ts'
import { isJsonObject } from '../util/json.ts'
import { listFiles, readText } from './read.ts'

/** A package that lies in the project's packages folder, as `dbt deps` puts it there. Its macros and tests are used. */
export interface InstalledPackage {
  readonly name: string
  readonly macroFiles: readonly SourceFile[]
  readonly vars: JsonObject
}

export interface InstalledPackages {
  readonly packages: readonly InstalledPackage[]
  readonly warnings: readonly Diagnostic[]
}

/** The installed packages, by name of their folders. Throws `UserError` for a package's file that is no YAML. */
export function readPackages(root: string, folder: string): InstalledPackages {
  const warnings: Diagnostic[] = []
  const found = foldersIn(join(root, folder)).flatMap((name) => readPackage(root, `${folder}/${name}`, warnings) ?? [])
  if (found.length === 0) warnings.push(...notInstalled(root, folder))
  return { packages: found, warnings }
}

function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .sort()
}

/** Only what is needed is read of a package's project file: old packages hold keys that nothing knows any more. */
function readPackage(root: string, folder: string, warnings: Diagnostic[]): InstalledPackage | undefined {
  const path = `${folder}/dbt_project.yml`
  if (!existsSync(join(root, path))) return undefined
  const file: SourceFile = { path, text: readFileSync(join(root, path), 'utf8') }
  const project = parseYaml(file)
  const name = childOf(project, 'name')?.value
  if (typeof name !== 'string') return undefined
  const pathsOf = (key: string, fallback: string) => {
    const written = childOf(project, key)
    const paths = written ? itemsOf(written).map(({ value }) => String(value)) : [fallback]
    return paths.map((each) => `${folder}/${each}`)
  }
  const sqlFiles = (folders: readonly string[]) =>
    folders.flatMap((each) => listFiles(root, each, new Set())).filter(({ path: found }) => found.endsWith('.sql'))
  const genericTests = sqlFiles(pathsOf('test-paths', 'tests')).filter(({ below }) => below.startsWith('generic/'))
  const macroFiles = [...sqlFiles(pathsOf('macro-paths', 'macros')), ...genericTests].map((each) => readText(each).file)
  const nodes = [...sqlFiles(pathsOf('model-paths', 'models')), ...sqlFiles(pathsOf('snapshot-paths', 'snapshots'))]
  if (nodes.length > 0) warnings.push(nodesIgnored(name, file))
  const vars = childOf(project, 'vars')?.value
  return { name, macroFiles, vars: isJsonObject(vars) ? vars : {} }
}

function nodesIgnored(name: string, file: SourceFile): Diagnostic {
  return {
    code: 'package-models-ignored',
    severity: 'warning',
    message: `The models of the package "${name}" are not built: only its macros and data tests are used.`,
    place: span(file, 0),
  }
}

/** A list of packages, and none of them there: what is missing of them will be reported, and this says why. */
function notInstalled(root: string, folder: string): readonly Diagnostic[] {
  const list = ['packages.yml', 'dependencies.yml'].find((name) => existsSync(join(root, name)))
  if (list === undefined) return []
  const file: SourceFile = { path: list, text: readFileSync(join(root, list), 'utf8') }
  const packages = childOf(parseYaml(file), 'packages')
  if (!packages || itemsOf(packages).length === 0) return []
  return [
    {
      code: 'packages-not-installed',
      severity: 'warning',
      message: `The packages of ${list} are not installed: there is no folder "${folder}".`,
      place: packages.keyPlace,
      hint: `put each of them into a folder of "${folder}"`,
    },
  ]
}
