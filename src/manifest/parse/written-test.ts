import { childOf, entriesOf, type LocatedValue } from '../../config/located-value.ts'
import { type ConfigEntries, type ConfigEntry, configEntries } from '../../config/merge-config.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { Span } from '../../text/source-file.ts'
import { isJsonObject } from '../../util/json.ts'

/** A generic test as it stands in a properties file. */
export interface WrittenTest {
  readonly name: string
  readonly namespace: string | undefined
  readonly place: Span
  readonly customName: string | undefined
  readonly description: LocatedValue | undefined
  readonly settings: ConfigEntries
  readonly args: ReadonlyMap<string, LocatedValue>
}

/** Settings that may also stand beside a test's arguments. */
const SETTINGS: ReadonlySet<string> = new Set([
  ...['severity', 'tags', 'enabled', 'where', 'limit', 'warn_if', 'error_if', 'fail_calc', 'store_failures'],
  ...['store_failures_as', 'meta', 'database', 'schema', 'alias'],
])

/**
 * A test as it may be written: `not_null`, `{not_null: {…}}` or `{test_name: not_null, …}`. Arguments stand under
 * `arguments`, or beside the settings.
 */
export function readTest(at: LocatedValue, problems: Diagnostic[]): WrittenTest | undefined {
  const head = testHead(at)
  if (!head) {
    problems.push(testMalformed(at))
    return undefined
  }
  const match = /^(?:([A-Za-z_]\w*)\.)?([A-Za-z_]\w*)$/.exec(head.name)
  if (!match) {
    problems.push(testNameMalformed(head.name, head.place))
    return undefined
  }
  const beside = entriesOf(head.body).filter(([key]) => key !== 'test_name')
  const args = new Map(beside.filter(([key]) => !SETTINGS.has(key) && !NOT_ARGUMENTS.has(key)))
  const nested = childOf(head.body, 'arguments')
  for (const [key, value] of nested ? entriesOf(nested) : []) args.set(key, value)
  const model = args.get('model')
  if (model) {
    problems.push(modelIsGiven(model))
    return undefined
  }
  const customName = childOf(head.body, 'name')
  const settings = beside.filter(([key]) => SETTINGS.has(key)).map(([key, value]): ConfigEntry => ({ key, at: value }))
  return {
    name: match[2]!,
    namespace: match[1],
    place: head.place,
    customName: customName && String(customName.value),
    description: childOf(head.body, 'description'),
    settings: [...settings, ...configEntries(childOf(head.body, 'config'))].filter(
      ({ at: { value } }) => value !== null,
    ),
    args,
  }
}

const NOT_ARGUMENTS: ReadonlySet<string> = new Set(['config', 'arguments', 'name', 'description'])

/** The test's name with its place, and the map that holds the rest. */
function testHead(at: LocatedValue) {
  if (typeof at.value === 'string') return { name: at.value, place: at.place, body: at }
  const named = childOf(at, 'test_name')
  if (named) return { name: String(named.value), place: named.place, body: at }
  const [only, ...others] = entriesOf(at)
  if (!only || others.length > 0) return undefined
  const [name, body] = only
  if (body.value !== null && !isJsonObject(body.value)) return undefined
  return { name, place: body.keyPlace, body }
}

function testMalformed(at: LocatedValue): Diagnostic {
  return problem('test-malformed', 'This is not a data test.', {
    place: at.place,
    hint: 'write the name of a test, or { name: { arguments: { … }, config: { … } } }',
  })
}

function testNameMalformed(name: string, place: Span): Diagnostic {
  return problem('test-malformed', `"${name}" cannot be the name of a data test.`, {
    place,
    hint: 'write a name, or package.name',
  })
}

function modelIsGiven(at: LocatedValue): Diagnostic {
  return problem('test-malformed', 'A test cannot have an argument "model": it is given by where the test stands.', {
    place: at.keyPlace,
    hint: 'rename the argument, in the test too',
  })
}
