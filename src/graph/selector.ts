import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, stopOnErrors } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'

/** What `--select` and `--exclude` say, as a tree. Parsed once; `select` applies it to a project. */
export type Selector =
  | { readonly kind: 'everything' }
  | Criterion
  | { readonly kind: 'union'; readonly parts: readonly Selector[] }
  | {
      readonly kind: 'intersection'
      readonly parts: readonly Selector[]
      /** As written, for the warning that it selects nothing. */
      readonly text: string
    }
  | { readonly kind: 'difference'; readonly from: Selector; readonly without: Selector }

/** One `@method.arguments:value` with its `+`: some nodes, and how far to go from them. */
export interface Criterion {
  readonly kind: 'criterion'
  /** As written. */
  readonly text: string
  readonly method: MethodName
  /** `['meta', 'owner']` of `config.meta.owner:ana`. */
  readonly args: readonly string[]
  /** May hold wildcards. */
  readonly value: string
  /** `@`: with everything below, and everything above any of that. */
  readonly withChildrensParents: boolean
  /** How many levels above; infinite for a bare `+`. Absent: none. */
  readonly parents?: number
  readonly children?: number
}

/** dbt's methods. Those for resources that Lavra does not have (metrics and their like) select nothing. */
export const METHODS = [
  'fqn',
  'tag',
  'path',
  'file',
  'package',
  'config',
  'resource_type',
  'source',
  'exposure',
  'test_name',
  'test_type',
  'group',
  'access',
  'version',
  'state',
  'result',
  'source_status',
  'unit_test',
  'metric',
  'semantic_model',
  'saved_query',
] as const

export type MethodName = (typeof METHODS)[number]

export interface SelectionArguments {
  /** Each value of `--select`; absent selects everything. */
  readonly select?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
}

/**
 * The selector of a command line. Values of one option, and the words of one value, are united; words joined by a comma
 * are intersected. Throws a `UserError` with every problem of the text.
 */
export function parseSelector({ select, exclude }: SelectionArguments): Selector {
  const problems: Diagnostic[] = []
  const from = select && select.length > 0 ? parseUnion(select, problems) : ({ kind: 'everything' } as const)
  const without = exclude && exclude.length > 0 ? parseUnion(exclude, problems) : undefined
  stopOnErrors(problems)
  return without ? { kind: 'difference', from, without } : from
}

function parseUnion(values: readonly string[], problems: Diagnostic[]): Selector {
  const words = values.flatMap((value) => value.split(/\s+/)).filter((word) => word !== '')
  if (words.length === 0) problems.push(selectorEmpty('', ''))
  return { kind: 'union', parts: words.map((word) => parseIntersection(word, problems)) }
}

function parseIntersection(word: string, problems: Diagnostic[]): Selector {
  const parts: Criterion[] = []
  for (const text of word.split(',')) {
    const criterion = parseCriterion(text, word)
    if ('code' in criterion) problems.push(criterion)
    else parts.push(criterion)
  }
  return { kind: 'intersection', parts, text: word }
}

const CRITERION = /^(?<at>@)?(?:(?<up>\d*)\+)?(?:(?<method>[\w.]+):)?(?<value>.*?)(?:\+(?<down>\d*))?$/su

function parseCriterion(text: string, word: string): Criterion | Diagnostic {
  const { at, up, method, value = '', down } = CRITERION.exec(text)?.groups ?? {}
  if (value === '') return selectorEmpty(text, word)
  if (at !== undefined && down !== undefined) return atWithPlus(text)
  const [name, ...args] = method === undefined ? [defaultMethod(value)] : method.split('.')
  const known = METHODS.find((candidate) => candidate === name)
  if (known === undefined) return methodNotFound(text, name ?? '')
  return {
    kind: 'criterion',
    text,
    method: known,
    args,
    value,
    withChildrensParents: at !== undefined,
    ...(up === undefined ? {} : { parents: depthOf(up) }),
    ...(down === undefined ? {} : { children: depthOf(down) }),
  }
}

/** dbt's rule for a value without a method. */
function defaultMethod(value: string): MethodName {
  if (value.includes('/') || value.includes('\\')) return 'path'
  return /\.(sql|py|csv)$/i.test(value) ? 'file' : 'fqn'
}

function depthOf(digits: string): number {
  return digits === '' ? Number.POSITIVE_INFINITY : Number(digits)
}

function selectorEmpty(text: string, word: string): Diagnostic {
  const where = text === word ? '' : ` in "${word}"`
  return problem('selector-empty', `The selector "${text}"${where} names nothing.`, {
    hint: 'write a name, a path or method:value, such as "orders+", "models/gold" or "tag:nightly"',
  })
}

function atWithPlus(text: string): Diagnostic {
  return problem('selector-at-plus', `The selector "${text}" has both "@" in front and "+" behind.`, {
    hint: '"@" already takes everything below; leave the "+" out',
  })
}

function methodNotFound(text: string, name: string): Diagnostic {
  return problem('selector-method-not-found', `There is no selection method "${name}", in the selector "${text}".`, {
    hint: didYouMean(name, METHODS) ?? `the methods are ${METHODS.join(', ')}`,
  })
}
