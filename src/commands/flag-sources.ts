import { childOf, type LocatedValue } from '../config/located-value.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { Span } from '../text/source-file.ts'
import type { Json } from '../util/json.ts'
import { isJsonObject } from '../util/json.ts'
import type { Flags, World } from './flags.ts'
import { findProject } from './locate-project.ts'

/** A flag that is set elsewhere than on the command line too. */
interface Setting {
  readonly flag: keyof Flags
  /** The variable, without its `DBT_`. */
  readonly variable: string
  /** Its key below `flags:` of the project file, where that is heard. */
  readonly key?: string
  /** The only commands for which the variable counts, as in dbt; all of them when absent. */
  readonly commands?: readonly string[]
  readonly read: Reader
}

/** A value as the flag takes it, or what it must be. */
type Reader = (value: Json) => { readonly value: unknown } | { readonly must: string }

const yesOrNo: Reader = (value) => {
  const word = String(value).toLowerCase()
  if (['true', 't', 'yes', 'y', 'on', '1'].includes(word)) return { value: true }
  return ['false', 'f', 'no', 'n', 'off', '0'].includes(word) ? { value: false } : { must: 'be true or false' }
}

const text: Reader = (value) => ({ value: String(value) })

const words: Reader = (value) => ({ value: String(value).split(/[\s,]+/) })

const textOrMap: Reader = (value) =>
  typeof value === 'string' || isJsonObject(value) ? { value } : { must: 'be a map of lists' }

function oneOf(...choices: readonly string[]): Reader {
  return (value) => {
    const word = String(value).toLowerCase()
    return choices.includes(word) ? { value: word } : { must: `be one of ${choices.join(', ')}` }
  }
}

const logFormat: Reader = (value) => {
  const read = oneOf('text', 'json', 'default', 'debug')(value)
  return 'must' in read || read.value === 'json' ? read : { value: 'text' }
}

const SETTINGS: readonly Setting[] = [
  { flag: 'debug', variable: 'DEBUG', key: 'debug', read: yesOrNo },
  { flag: 'excludeResourceType', variable: 'EXCLUDE_RESOURCE_TYPES', commands: ['build', 'ls', 'test'], read: words },
  { flag: 'failFast', variable: 'FAIL_FAST', key: 'fail_fast', read: yesOrNo },
  { flag: 'fullRefresh', variable: 'FULL_REFRESH', read: yesOrNo },
  {
    flag: 'indirectSelection',
    variable: 'INDIRECT_SELECTION',
    key: 'indirect_selection',
    read: oneOf('eager', 'cautious', 'buildable', 'empty'),
  },
  { flag: 'logFormat', variable: 'LOG_FORMAT', key: 'log_format', read: logFormat },
  {
    flag: 'logLevel',
    variable: 'LOG_LEVEL',
    key: 'log_level',
    read: oneOf('debug', 'info', 'warn', 'error', 'none'),
  },
  { flag: 'print', variable: 'PRINT', read: yesOrNo },
  { flag: 'profile', variable: 'PROFILE', read: text },
  { flag: 'profilesDir', variable: 'PROFILES_DIR', read: text },
  { flag: 'projectDir', variable: 'PROJECT_DIR', read: text },
  { flag: 'quiet', variable: 'QUIET', read: yesOrNo },
  { flag: 'resourceType', variable: 'RESOURCE_TYPES', commands: ['build', 'ls', 'test'], read: words },
  { flag: 'singleThreaded', variable: 'SINGLE_THREADED', read: yesOrNo },
  { flag: 'state', variable: 'STATE', read: text },
  { flag: 'storeFailures', variable: 'STORE_FAILURES', read: yesOrNo },
  { flag: 'target', variable: 'TARGET', read: text },
  { flag: 'targetPath', variable: 'TARGET_PATH', read: text },
  { flag: 'color', variable: 'USE_COLORS', key: 'use_colors', read: yesOrNo },
  { flag: 'warnError', variable: 'WARN_ERROR', key: 'warn_error', read: yesOrNo },
  { flag: 'warnErrorOptions', variable: 'WARN_ERROR_OPTIONS', key: 'warn_error_options', read: textOrMap },
  { flag: 'writeJson', variable: 'WRITE_JSON', key: 'write_json', read: yesOrNo },
]

/**
 * The flags of a command, each from the first place that has it, as in dbt: the command line, a variable `DBT_…` of the
 * environment, `flags:` of the project file. Throws `UserError` for a value that the flag cannot take.
 */
export function settleFlags(given: Flags, world: World, command: string): Flags {
  const fromHere = { ...flagsOfEnvironment(given, world.env, command), ...given }
  return { ...flagsOfProject(fromHere, world), ...fromHere }
}

function flagsOfEnvironment(given: Flags, env: World['env'], command: string): Flags {
  return collect(given, ({ variable, commands }) => {
    if (commands && !commands.includes(command)) return undefined
    // dbt's own prefix comes before the one that it had first.
    const name = [`DBT_ENGINE_${variable}`, `DBT_${variable}`].find(
      (each) => env[each] !== undefined && env[each] !== '',
    )
    return name === undefined ? undefined : { value: env[name] ?? '', what: `The environment variable "${name}"` }
  })
}

function flagsOfProject(given: Flags, world: World): Flags {
  const written = writtenFlags(given, world)
  if (!written) return {}
  return collect(given, ({ key }) => {
    const at = key === undefined ? undefined : childOf(written, key)
    if (!at || at.value === null) return undefined
    // That a project wants colours does not put them into a pipe.
    if (key === 'use_colors' && at.value === true) return undefined
    return { value: at.value, what: `"${key}" of "flags"`, place: at.place }
  })
}

function writtenFlags(given: Flags, world: World): LocatedValue | undefined {
  try {
    return childOf(findProject(given, world).file.at, 'flags')
  } catch (error) {
    // Whatever is wrong with the project is told by the command, if it needs one.
    if (error instanceof UserError) return undefined
    throw error
  }
}

interface Found {
  readonly value: Json
  readonly what: string
  readonly place?: Span
}

/** Reads what is not given. Either way of saying which warnings are errors overrules the other, where it comes later. */
function collect(given: Flags, find: (setting: Setting) => Found | undefined): Flags {
  const isSaid = given.warnError !== undefined || given.warnErrorOptions !== undefined
  const flags: Record<string, unknown> = {}
  for (const setting of SETTINGS) {
    const { flag } = setting
    if (given[flag] !== undefined || (isSaid && (flag === 'warnError' || flag === 'warnErrorOptions'))) continue
    const found = find(setting)
    if (!found) continue
    const read = setting.read(found.value)
    if ('must' in read) throw new UserError(valueWrong(found, read.must))
    flags[flag] = read.value
  }
  return flags // each reader gives what its flag takes
}

function valueWrong({ value, what, place }: Found, must: string) {
  return problem('wrong-value', `${what} must ${must}, not ${JSON.stringify(value)}.`, place ? { place } : {})
}
