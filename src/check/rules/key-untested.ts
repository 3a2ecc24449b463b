import type { DataTest, Model } from '../../manifest/nodes.ts'
import type { Span } from '../../text/source-file.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import { declaredKeys, plainName } from '../keys.ts'
import type { CheckedProject, Finding, Rule } from '../rule.ts'

/** An enforced contract keeps its constraints itself: a key of one needs no tests. */
export const keyUntested: Rule = {
  code: 'key-untested',
  severity: 'warning',
  summary: 'A key that others rely on has no tests that it is unique and never null.',
  find(project) {
    const models = project.nodes.filter((node) => node.kind === 'model')
    const tests = testsByNode(project)
    const referred = referredKeys(project)
    return models.flatMap((model) =>
      findingsOf(model, wantedKeys(model, project, referred.get(model.id) ?? []), tests.get(model.id) ?? []),
    )
  },
}

/** A key that should be tested, and who says that it is one. */
interface WantedKey {
  readonly columns: readonly string[]
  readonly place: Span | undefined
  readonly because: string
}

function wantedKeys(model: Model, project: CheckedProject, referred: readonly WantedKey[]): readonly WantedKey[] {
  const isKept = model.config.contract.enforced
  const declared = declaredKeys(model).flatMap((key): readonly WantedKey[] => {
    if (key?.from === 'unique_key') return [{ ...key, because: 'the "unique_key" of' }]
    return key?.from === 'primary_key' && !isKept ? [{ ...key, because: 'the primary key of' }] : []
  })
  const known = project.binding.columns.get(model.id)?.map(({ name }) => name.toLowerCase())
  const isThere = ({ columns }: WantedKey) => columns.every((column) => known?.includes(column) ?? true)
  // A column that is not there is told by the engine.
  const wanted = [...declared, ...referred].filter(isThere)
  // Each key once: the first who says so.
  return [...new Map(wanted.toReversed().map((key) => [key.columns.toSorted().join(), key])).values()].toReversed()
}

/** The columns that `relationships` tests of others look into, by the node that has them. */
function referredKeys({ manifest }: CheckedProject): ReadonlyMap<UniqueId, readonly WantedKey[]> {
  const found = new Map<UniqueId, WantedKey[]>()
  for (const test of manifest.nodes.values()) {
    if (test.kind !== 'test' || test.generic?.name !== 'relationships') continue
    const { attachedTo, kwargs } = test.generic
    const target = test.dependsOn.find((id) => id !== attachedTo)
    const column = plainName(String(kwargs.field ?? ''))
    if (target === undefined || column === undefined) continue
    const key = { columns: [column], place: test.place, because: 'what a "relationships" test looks into in' }
    found.set(target, [...(found.get(target) ?? []), key])
  }
  return found
}

function findingsOf(model: Model, keys: readonly WantedKey[], tests: readonly DataTest[]): readonly Finding[] {
  return keys.flatMap(({ columns, place, because }): readonly Finding[] => {
    const missing = missingTests(columns, tests)
    if (missing.length === 0) return []
    const names = columns.map((column) => `"${column}"`).join(', ')
    return [
      {
        node: model.id,
        place: { place: place ?? model.place, calls: [] },
        message: `${names} ${columns.length === 1 ? 'is' : 'are'} ${because} "${model.name}", and no test says that ${columns.length === 1 ? 'it is' : 'they are'} ${missing.map(({ claim }) => claim).join(' and ')}.`,
        hint: `add ${missing.map(({ test }) => test).join(' and ')} to its data_tests`,
      },
    ]
  })
}

interface MissingTest {
  readonly claim: string
  readonly test: string
}

function missingTests(columns: readonly string[], tests: readonly DataTest[]): readonly MissingTest[] {
  const isUnique = tests.some((test) => {
    const unique = uniqueColumns(test)
    return unique?.every((column) => columns.includes(column))
  })
  const nullable = columns.filter(
    (column) =>
      !tests.some(({ generic }) => generic?.name === 'not_null' && plainName(generic.columnName ?? '') === column),
  )
  const isOne = columns.length === 1
  return [
    ...(isUnique ? [] : [{ claim: 'unique', test: isOne ? '"unique"' : '"unique_combination_of_columns"' }]),
    ...(nullable.length === 0
      ? []
      : [
          {
            claim: 'never null',
            test: isOne ? '"not_null"' : `"not_null" of ${nullable.map((column) => `"${column}"`).join(', ')}`,
          },
        ]),
  ]
}

/** The columns that a test says are unique, in all rows or in some of them. */
function uniqueColumns({ generic }: DataTest): readonly string[] | undefined {
  if (generic?.name === 'unique') return [plainName(generic.columnName ?? '') ?? '']
  if (generic?.name !== 'unique_combination_of_columns') return undefined
  const columns = generic.kwargs.combination_of_columns
  return Array.isArray(columns) && columns.length > 0
    ? columns.map((column) => plainName(String(column)) ?? '')
    : undefined
}

function testsByNode({ manifest }: CheckedProject): ReadonlyMap<UniqueId, readonly DataTest[]> {
  const found = new Map<UniqueId, DataTest[]>()
  for (const node of manifest.nodes.values()) {
    if (node.kind !== 'test' || !node.generic) continue
    found.set(node.generic.attachedTo, [...(found.get(node.generic.attachedTo) ?? []), node])
  }
  return found
}
