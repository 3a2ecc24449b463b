import { createHash } from 'node:crypto'
import { parseYaml, writeYaml } from '../../config/yaml.ts'
import {
  type Arguments,
  type CallSite,
  Dict,
  HostObject,
  hostFunction,
  isUndefined,
  iterate,
  type KeywordArguments,
  parseTemplate,
  renderSync,
  type Scope,
  str,
  TemplateError,
  TemplateSet,
  Tuple,
  toJsonText,
  toPlain,
  toTemplateValue,
  truthy,
} from '../../template/index.ts'
import { modules } from '../modules/index.ts'
import { dateTimeOfIso } from '../modules/iso-time.ts'
import { readArguments, textArgument } from '../objects/arguments.ts'
import { NamesObject } from '../objects/names-object.ts'
import { envVarMissing, secretRefused, varMissing } from '../problems.ts'
import type { ProjectContext } from '../project-context.ts'
import type { Names } from './names.ts'

/** The release of dbt whose behaviour templates get, for packages that look at `dbt_version`. */
const DBT_VERSION = '1.11.0'

const SECRET_PREFIX = 'DBT_ENV_SECRET'

const namesOfProjects = new WeakMap<ProjectContext, Map<string, Names>>()

/** What every template of the project may call, whatever it belongs to: the same for all templates of a package. */
export function generalNames(project: ProjectContext, packageName: string): Names {
  const ofProject = namesOfProjects.get(project) ?? new Map<string, Names>()
  const names = ofProject.get(packageName) ?? makeNames(project, packageName)
  namesOfProjects.set(project, ofProject.set(packageName, names))
  return names
}

function makeNames(project: ProjectContext, packageName: string): Names {
  const names: Names = {
    var: () => new VarFunction(project, packageName, scope),
    env_var: () => envVarFunction(project),
    target: () => targetObject(project),
    project_name: () => project.name,
    invocation_id: () => elsewhere(project, project.invocationId),
    run_started_at: () => elsewhere(project, dateTimeOfIso(project.runStartedAt) ?? project.runStartedAt),
    dbt_version: () => DBT_VERSION,
    flags: () => new NamesObject('Flags', toMembers(project.flags)),
    // They read the clock.
    modules: () => elsewhere(project, modules),
    log: () =>
      hostFunction('log', (args, kwargs) => {
        const [message, info] = readArguments('log', ['msg', 'info'], args, kwargs)
        project.emit({ kind: 'log', message: str(message), level: truthy(info ?? false) ? 'info' : 'debug' })
        return ''
      }),
    print: () =>
      hostFunction('print', (args, kwargs) => {
        const [message] = readArguments('print', ['msg'], args, kwargs)
        project.emit({ kind: 'print', message: str(message) })
        return ''
      }),
    ...DATA_NAMES,
  }
  // What a variable that is a template may call itself: no macros, which may have to be waited for.
  const scope: Scope = { lookup: (name) => (Object.hasOwn(names, name) ? names[name]!() : undefined) }
  return names
}

/** A value that another render would not get again. */
function elsewhere<Value>({ dependencies }: ProjectContext, value: Value): Value {
  dependencies?.elsewhere()
  return value
}

function toMembers(values: { readonly [key: string]: unknown }): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, toTemplateValue(value)]))
}

function targetObject({ target }: ProjectContext): NamesObject {
  const { fields, ...rest } = target
  return new NamesObject('target', toMembers({ ...fields, ...rest, target_name: target.name }))
}

/** `var(name, default)` and `var.has_var(name)`. */
class VarFunction extends HostObject {
  readonly typeName = 'Var'
  private readonly project: ProjectContext
  private readonly packageName: string
  private readonly scope: Scope

  constructor(project: ProjectContext, packageName: string, scope: Scope) {
    super()
    this.project = project
    this.packageName = packageName
    this.scope = scope
  }

  override call(args: Arguments, kwargs: KeywordArguments, call?: CallSite): unknown {
    const [given, fallback] = readArguments('var', ['name', 'default'], args, kwargs)
    const name = textArgument('var', 'name', given)
    const value = this.find(name)
    if (value !== undefined) return typeof value === 'string' ? this.rendered(value, name) : toTemplateValue(value)
    if (fallback !== undefined) return fallback
    return call ? varMissing(call, name, this.project.vars.names?.(this.packageName) ?? []) : null
  }

  override attr(name: string): unknown {
    if (name !== 'has_var') return undefined
    return hostFunction(name, (args) => this.find(str(args[0])) !== undefined)
  }

  override names(): Iterable<string> {
    return ['has_var']
  }

  private find(name: string): unknown {
    return this.project.vars.find(name, this.packageName)
  }

  /** A variable may be a template itself, as in dbt. */
  private rendered(value: string, name: string): string {
    if (!/\{[{%]/.test(value)) return value
    const file = { path: `the variable ${name}`, text: value }
    return renderSync(parseTemplate(file), this.scope).text
  }
}

function envVarFunction(project: ProjectContext): unknown {
  return hostFunction('env_var', (args, kwargs, call) => {
    const [given, fallback] = readArguments('env_var', ['var', 'default'], args, kwargs)
    const name = textArgument('env_var', 'var', given)
    if (name.startsWith(SECRET_PREFIX)) secretRefused(call, name)
    const value = Object.hasOwn(project.env, name) ? project.env[name] : undefined
    project.dependencies?.environment(name, value)
    if (value !== undefined) return value
    if (fallback !== undefined && fallback !== null) return fallback
    const known = Object.keys(project.env).filter((key) => !key.startsWith(SECRET_PREFIX))
    return envVarMissing(call, name, known)
  })
}

/** Functions that only make values of values. */
const DATA_NAMES: Names = {
  tojson: () =>
    hostFunction('tojson', (args, kwargs) => {
      const [value, fallback, sortKeys] = readArguments('tojson', ['value', 'default', 'sort_keys'], args, kwargs)
      return orDefault(() => toJsonText(value, { sortsKeys: truthy(sortKeys ?? false) }), fallback)
    }),
  fromjson: () =>
    hostFunction('fromjson', (args, kwargs) => {
      const [text, fallback] = readArguments('fromjson', ['string', 'default'], args, kwargs)
      return orDefault(() => toTemplateValue(JSON.parse(str(text))), fallback)
    }),
  toyaml: () =>
    hostFunction('toyaml', (args, kwargs) => {
      const [value, fallback, sortKeys] = readArguments('toyaml', ['value', 'default', 'sort_keys'], args, kwargs)
      return orDefault(() => writeYaml(toPlain(value), { sortKeys: truthy(sortKeys ?? false) }), fallback)
    }),
  fromyaml: () =>
    hostFunction('fromyaml', (args, kwargs) => {
      const [text, fallback] = readArguments('fromyaml', ['value', 'default'], args, kwargs)
      return orDefault(() => toTemplateValue(parseYaml({ path: 'fromyaml', text: str(text) }).value), fallback)
    }),
  set: () => hostFunction('set', (args, kwargs) => setOf(readArguments('set', ['value', 'default'], args, kwargs))),
  set_strict: () => hostFunction('set_strict', (args) => new TemplateSet(iterate(args[0]))),
  zip: () => hostFunction('zip', (args, kwargs) => zip(args, kwargs.get('default'))),
  zip_strict: () => hostFunction('zip_strict', (args) => zip(args, undefined)),
  local_md5: () => hostFunction('local_md5', (args) => createHash('md5').update(str(args[0])).digest('hex')),
  diff_of_two_dicts: () => hostFunction('diff_of_two_dicts', (args) => differenceOfDicts(args[0], args[1])),
  debug: () => hostFunction('debug', () => ''),
  thread_id: () => 'Thread-1',
}

function orDefault(make: () => unknown, fallback: unknown): unknown {
  try {
    return make()
  } catch {
    // What cannot be read gives the default, as the functions promise.
    return fallback ?? null
  }
}

function setOf([value, fallback]: readonly unknown[]): unknown {
  return orDefault(() => new TemplateSet(iterate(value)), fallback)
}

function zip(lists: readonly unknown[], fallback: unknown): unknown {
  try {
    const columns = lists.map((list) => iterate(list))
    const length = columns.length === 0 ? 0 : Math.min(...columns.map((column) => column.length))
    return Array.from({ length }, (_, row) => new Tuple(columns.map((column) => column[row])))
  } catch (error) {
    if (!isUndefined(fallback)) return fallback
    throw error
  }
}

/** The values of `left` that `right` does not have, per key without regard to case: dbt's comparison of grants. */
function differenceOfDicts(left: unknown, right: unknown): Dict {
  if (!(left instanceof Dict) || !(right instanceof Dict)) {
    throw new TemplateError('diff_of_two_dicts() takes two dicts of lists.', { type: 'TypeError' })
  }
  const lower = new Map(right.entries().map(([key, values]) => [str(key).toLowerCase(), lowerTexts(values)]))
  const result = new Dict()
  for (const [key, values] of left.entries()) {
    const known = lower.get(str(key).toLowerCase())
    const rest = iterate(values).filter((value) => !known?.has(str(value).toLowerCase()))
    if (rest.length > 0) result.set(key, rest)
  }
  return result
}

function lowerTexts(values: unknown): ReadonlySet<string> {
  return new Set(iterate(values).map((value) => str(value).toLowerCase()))
}
