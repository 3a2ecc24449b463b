import { hash } from 'node:crypto'
import { Dict, repr, str, toTemplateValue } from '../../template/index.ts'

/** A generic test as dbt's names and ids see it. Values are those of templates, so that `1.0` differs from `1`. */
export interface TestIdentity {
  readonly name: string
  readonly namespace: string | undefined
  /** With `model` and `column_name`. */
  readonly kwargs: ReadonlyMap<string, unknown>
}

export interface TestNames {
  /** What the test is called: `accepted_values_orders_status__placed__shipped`. */
  readonly full: string
  /** The same, or where it has 64 characters and more, its beginning and a hash: the test's alias. */
  readonly short: string
}

const LONGEST_NAME = 63
const KEPT_OF_LONG_NAME = 30

/**
 * The names that dbt gives a generic test: test, target and the values of the arguments in order of their names, with
 * everything but letters, digits and `_` made `_`. `target` is the node's name, or source and table.
 */
export function testNames(
  test: TestIdentity,
  target: { readonly kind: 'node' | 'source'; readonly name: string },
): TestNames {
  const testName = [test.namespace, target.kind === 'source' ? 'source' : undefined, test.name]
  const start = [...testName, target.name].filter((part) => part !== undefined).join('_')
  const full = `${start}_${argumentTexts(test.kwargs).join('__')}`
  if (full.length <= LONGEST_NAME) return { full, short: full }
  return { full, short: `${start.slice(0, KEPT_OF_LONG_NAME)}_${md5(full)}` }
}

/** The last part of a generic test's unique id: ten digits of a hash over its name and what it was called with. */
export function testHash(name: string, test: TestIdentity): string {
  const metadata = new Map<string, unknown>([
    ['kwargs', test.kwargs],
    ['name', test.name],
    ['namespace', test.namespace ?? null],
  ])
  return md5(name + repr(hashable(toTemplateValue(metadata)))).slice(-10)
}

function argumentTexts(kwargs: ReadonlyMap<string, unknown>): readonly string[] {
  return [...kwargs.keys()]
    .filter((name) => name !== 'model')
    .sort()
    .flatMap((name) => partsOf(toTemplateValue(kwargs.get(name))))
    .map((part) => str(part).replace(/[^0-9a-zA-Z_]+/g, '_'))
}

function partsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (value instanceof Dict) return value.entries().map(([, item]) => item)
  return [value]
}

/** Maps in order of their keys, and every leaf as text. */
function hashable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hashable)
  if (!(value instanceof Dict)) return str(value)
  const entries = value.entries().map(([key, item]) => [String(key), hashable(item)] as const)
  return new Dict(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function md5(text: string): string {
  return hash('md5', text)
}
