import fc from 'fast-check'
import type { TemporaryProject } from '../temporary-project.ts'

/** A small project as data. Models are numbered, and read only models of a smaller number. */
export interface Shop {
  /** By number; undefined where the project has no such model. */
  readonly models: readonly (ShopModel | undefined)[]
  readonly tests: readonly ShopTest[]
}

export interface ShopModel {
  /** `incremental` replaces all of its rows, `appending` adds its rows to those that it has. */
  readonly kind: 'table' | 'view' | 'incremental' | 'appending' | 'ephemeral'
  /** What tells one edit of the model from another. */
  readonly version: number
  readonly parents: readonly number[]
  readonly isBroken: boolean
}

export interface ShopTest {
  /** The models that it reads, at least one. */
  readonly parents: readonly number[]
  readonly severity: 'error' | 'warn'
  /** `broken`: the test itself cannot run. */
  readonly outcome: 'passes' | 'finds rows' | 'broken'
  /** A generic test of one model, which may run in one query with others. */
  readonly isGeneric: boolean
}

export const modelName = (number: number) => `model_${number}`
export const testName = (number: number) => `test_${number}`

/** A model's row of its own. */
export const ownRow = (number: number, version: number) => `${modelName(number)} ${version}`

/**
 * Any project of at most so many models of these kinds. The id of a singular test stays the same whatever is edited; a
 * generic one has its arguments in it.
 */
export function shopOf(
  size: number,
  kinds: readonly ShopModel['kind'][],
  tests: 'singular' | 'singular and generic',
): fc.Arbitrary<Shop> {
  const rarely = fc.constantFrom(false, false, false, false, false, false, true)
  const number = fc.nat(size - 1)
  const model = (own: number): fc.Arbitrary<ShopModel> =>
    fc.record({
      kind: fc.constantFrom(...kinds),
      version: fc.nat(2),
      parents: own === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat(own - 1), { maxLength: 2 }),
      isBroken: rarely,
    })
  const test: fc.Arbitrary<ShopTest> = fc.record({
    parents: fc.uniqueArray(number, { minLength: 1, maxLength: 2 }),
    severity: fc.constantFrom('error', 'error', 'error', 'warn'),
    outcome: fc.constantFrom('passes', 'passes', 'passes', 'passes', 'finds rows', 'broken'),
    isGeneric: tests === 'singular' ? fc.constant(false) : fc.boolean(),
  })
  return fc
    .record({
      models: fc.tuple(...Array.from({ length: size }, (_, own) => fc.option(model(own), { freq: 8, nil: undefined }))),
      tests: fc.array(test, { maxLength: 3 }),
    })
    .map(withoutDanglingEdges)
}

/** What reads a model that is not there does not read it; a test of nothing is no test. */
function withoutDanglingEdges({ models, tests }: Shop): Shop {
  const exists = (number: number) => models[number] !== undefined
  return {
    models: models.map((model) => model && { ...model, parents: model.parents.filter(exists) }),
    tests: tests
      .map((test) => ({ ...test, parents: test.parents.filter(exists) }))
      .filter(({ parents }) => parents.length > 0)
      .map((test) => ({
        ...test,
        severity: test.outcome === 'broken' ? 'error' : test.severity,
        isGeneric: test.isGeneric && test.parents.length === 1 && test.outcome !== 'broken',
      })),
  }
}

/** The same project with every mistake corrected. */
export function repaired({ models, tests }: Shop): Shop {
  return {
    models: models.map((model) => model && { ...model, isBroken: false }),
    tests: tests.map((test) => ({ ...test, outcome: 'passes' })),
  }
}

/** Makes the project's models and tests these, and no others. */
export async function writeShop(project: TemporaryProject, shop: Shop): Promise<void> {
  await project.erase('models', 'tests')
  await project.write(filesOf(shop))
}

export function filesOf({ models, tests }: Shop): Readonly<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const [number, model] of models.entries()) {
    if (model) files[`models/${modelName(number)}.sql`] = modelSql(number, model)
  }
  const generic = new Map<number, string>()
  for (const [number, test] of tests.entries()) {
    const [only] = test.parents
    if (test.isGeneric && only !== undefined) {
      generic.set(only, (generic.get(only) ?? '') + genericTest(number, test))
    } else {
      files[`tests/${testName(number)}.sql`] = singularTest(test)
    }
  }
  const properties = [...generic].map(
    ([number, list]) =>
      `  - name: ${modelName(number)}\n    columns:\n      - name: name\n        data_tests:\n${list}`,
  )
  if (properties.length > 0) files['models/tests.yml'] = `models:\n${properties.join('')}`
  return files
}

const KINDS: Readonly<Record<ShopModel['kind'], string>> = {
  table: `materialized='table'`,
  view: `materialized='view'`,
  ephemeral: `materialized='ephemeral'`,
  appending: `materialized='incremental'`,
  incremental: `materialized='incremental', incremental_strategy='delete+insert', unique_key='part'`,
}

function modelSql(number: number, { kind, version, parents, isBroken }: ShopModel): string {
  const own = `select 1 as part, '${modelName(number)}' as name, ${version} as version${isBroken ? ' where no_such_column = 1' : ''}`
  const reads = parents.map((parent) => `select part, name, version from {{ ref('${modelName(parent)}') }}`)
  return `{{ config(${KINDS[kind]}) }}\n${[own, ...reads].join('\nunion all\n')}\n`
}

/** Tests of one relation share a scan, so these must be like singular ones in all but that. */
function genericTest(number: number, { severity, outcome }: ShopTest): string {
  const [test, values] =
    outcome === 'passes' ? ['not_null', ''] : ['accepted_values', 'arguments: { values: [nobody] }, ']
  return `          - ${test}: { name: ${testName(number)}, ${values}config: { severity: ${severity} } }\n`
}

function singularTest({ parents, severity, outcome }: ShopTest): string {
  const condition = { passes: '1 = 0', 'finds rows': '1 = 1', broken: 'no_such_column = 1' }[outcome]
  const seen = parents.map((parent) => `select name from {{ ref('${modelName(parent)}') }}`).join(' union all ')
  return `{{ config(severity='${severity}') }}\nselect name from (${seen}) as seen where ${condition}\n`
}
