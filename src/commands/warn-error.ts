import { parseYaml } from '../config/yaml.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { tellWarnings, type WarningFate, type WarningPolicy } from '../diagnostics/warning-policy.ts'
import type { Json } from '../util/json.ts'
import { isJsonObject } from '../util/json.ts'
import type { Flags } from './flags.ts'

/** The warnings that there are, by code. */
export const WARNING_CODES: readonly string[] = [
  'allow-unknown',
  'allow-unused',
  'allow-without-reason',
  'column-unread',
  'config-path-unused',
  'contract-not-enforced',
  'cte-unused',
  'dashboard-left-out',
  'documentation-without-lineage',
  'join-fan-out',
  'join-types',
  'key-untested',
  'masks-of-declared-columns',
  'nothing-selected',
  'package-models-ignored',
  'packages-not-installed',
  'properties-without-node',
  'ref-not-found',
  'source-not-found',
  'source-stale',
  'star-across-layers',
  'test-failed',
  'test-target-not-found',
  'text-as-number',
  'unit-tests-ignored',
  'warned',
]

/** What dbt calls the same. Its other events have nothing here that could be meant by them, and are taken without effect. */
const DBT_EVENTS: Readonly<Record<string, readonly string[]>> = {
  JinjaLogWarning: ['warned'],
  LogFreshnessResult: ['source-stale'],
  LogTestResult: ['test-failed'],
  MacroNotFoundForPatch: ['properties-without-node'],
  NoNodeForYamlKey: ['properties-without-node'],
  NoNodesForSelectionCriteria: ['nothing-selected'],
  NoNodesSelected: ['nothing-selected'],
  NodeNotFoundOrDisabled: ['ref-not-found', 'source-not-found', 'test-target-not-found'],
  NothingToDo: ['nothing-selected'],
  UnusedResourceConfigPath: ['config-path-unused'],
}

/** Which warnings are errors, by `--warn-error` or `--warn-error-options`. Throws `UserError` for what these cannot mean. */
export function warningPolicy({ warnError, warnErrorOptions }: Flags): WarningPolicy {
  if (warnErrorOptions === undefined) return warnError ? () => 'error' : tellWarnings
  if (warnError) {
    throw new UserError(optionsInvalid('cannot stand beside --warn-error', '--warn-error is short for {error: all}'))
  }
  const options = readOptions(warnErrorOptions)
  return (code): WarningFate => {
    if (options.silence.has(code)) return 'silence'
    if (options.warn.has(code)) return 'warn'
    return options.error === 'all' || options.error.has(code) ? 'error' : 'warn'
  }
}

interface WarnErrorOptions {
  readonly error: ReadonlySet<string> | 'all'
  readonly warn: ReadonlySet<string>
  readonly silence: ReadonlySet<string>
}

/** `include` and `exclude` are dbt's older words for `error` and `warn`. */
const KEYS = ['error', 'warn', 'silence', 'include', 'exclude']

function readOptions(written: Json): WarnErrorOptions {
  const value = typeof written === 'string' ? parseYaml({ path: '--warn-error-options', text: written }).value : written
  if (!isJsonObject(value)) throw new UserError(optionsInvalid(`takes a map, not ${JSON.stringify(value)}`))
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) {
    throw new UserError(optionsInvalid(`has no key "${unknown}"`, didYouMean(unknown, KEYS)))
  }
  const error = value.error ?? value.include ?? []
  return {
    error: error === 'all' || error === '*' ? 'all' : codesOf(error),
    warn: codesOf(value.warn ?? value.exclude ?? []),
    silence: codesOf(value.silence ?? []),
  }
}

function codesOf(names: Json): ReadonlySet<string> {
  if (!Array.isArray(names)) {
    throw new UserError(optionsInvalid(`takes lists of names, not ${JSON.stringify(names)}`))
  }
  return new Set(names.flatMap((name) => codesNamed(String(name))))
}

function codesNamed(name: string): readonly string[] {
  if (WARNING_CODES.includes(name)) return [name]
  if (/^[A-Z][A-Za-z]*$/.test(name)) return DBT_EVENTS[name] ?? []
  const hint = didYouMean(name, WARNING_CODES) ?? `the warnings are ${WARNING_CODES.join(', ')}`
  throw new UserError(optionsInvalid(`knows no warning "${name}"`, hint))
}

function optionsInvalid(what: string, hint = `write --warn-error-options '{error: all, warn: [test-failed]}'`) {
  return problem('warn-error-options', `The flag --warn-error-options ${what}.`, { hint })
}
