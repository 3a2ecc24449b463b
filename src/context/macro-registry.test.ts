import { expect, test } from 'vitest'
import type { Macro } from '../manifest/nodes.ts'
import { readMacros } from '../template/index.ts'
import { uniqueId } from '../text/unique-id.ts'
import { createMacroRegistry } from './macro-registry.ts'

function macro(packageName: string, name: string): Macro {
  const file = { path: `${packageName}/macros/${name}.sql`, text: `{% macro ${name}() %}{% endmacro %}` }
  const [definition] = readMacros(file)
  return {
    kind: 'macro',
    id: uniqueId('macro', packageName, name),
    name,
    package: packageName,
    file,
    place: definition!.place,
    description: '',
    definition: definition!,
  }
}

const registry = createMacroRegistry(
  [
    macro('dbt', 'cents'),
    macro('dbt', 'default__cents'),
    macro('dbt', 'test_unique'),
    macro('shop', 'cents'),
    macro('money', 'cents'),
    macro('money', 'default__cents'),
    macro('money', 'duckdb__cents'),
    macro('money', 'test_unique'),
  ],
  { rootPackage: 'shop' },
)

test("a bare name is the node's package's, then the root project's, then a built-in one", () => {
  expect(registry.find('cents', 'money')?.id).toBe('macro.money.cents')
  expect(registry.find('cents', 'other')?.id).toBe('macro.shop.cents')
  expect(registry.find('default__cents', 'shop')?.id).toBe('macro.dbt.default__cents')
  expect(registry.find('dollars', 'shop')).toBeUndefined()
})

test('a generic test is looked up like a macro, or in the package it names', () => {
  expect(registry.findTest('unique', undefined, 'shop')?.id).toBe('macro.dbt.test_unique')
  expect(registry.findTest('unique', undefined, 'money')?.id).toBe('macro.money.test_unique')
  expect(registry.findTest('unique', 'money', 'shop')?.id).toBe('macro.money.test_unique')
  expect(registry.findTest('unique', 'shop', 'shop')).toBeUndefined()
})

test("dispatch prefers the engine's implementation, in the root project first", () => {
  const request = { name: 'cents', namespace: 'money', fromPackage: 'shop', adapterType: 'duckdb', config: [] }
  expect(registry.dispatch(request)?.id).toBe('macro.money.duckdb__cents')
  expect(registry.dispatch({ ...request, adapterType: 'postgres' })?.id).toBe('macro.money.default__cents')
  expect(registry.dispatchCandidates(request)).toEqual([
    'shop.duckdb__cents',
    'shop.default__cents',
    'money.duckdb__cents',
    'money.default__cents',
  ])
})

test('dispatch follows the search order of the project file', () => {
  const config = [{ macro_namespace: 'money', search_order: ['dbt', 'money'] }]
  const request = { name: 'cents', namespace: 'money', fromPackage: 'shop', adapterType: 'duckdb', config }
  expect(registry.dispatch(request)?.id).toBe('macro.dbt.default__cents')
})

test('dispatch without a namespace looks where a bare name does', () => {
  const request = { name: 'cents', namespace: undefined, fromPackage: 'money', adapterType: 'duckdb', config: [] }
  expect(registry.dispatch(request)?.id).toBe('macro.money.duckdb__cents')
  expect(registry.dispatch({ ...request, fromPackage: 'shop' })?.id).toBe('macro.dbt.default__cents')
})
