import { expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { createVars, parseVarsFlag } from './vars.ts'

test('the command line beats the package’s own, which beats the project’s', () => {
  const vars = createVars(
    { as_of: 'today' },
    { as_of: 1, region: 'north', limit: 5, shop: { as_of: 2, region: 'south' } },
  )
  expect(vars.find('as_of', 'shop')).toBe('today')
  expect(vars.find('region', 'shop')).toBe('south')
  expect(vars.find('region', 'crm')).toBe('north')
  expect(vars.find('limit', 'shop')).toBe(5)
  expect(vars.find('toString', 'shop')).toBe(undefined)
  expect([...vars.names('shop')]).toEqual(['as_of', 'region', 'limit', 'shop'])
})

test('a package has its own where the project says nothing', () => {
  const vars = createVars({}, { region: 'north' }, { crm: { region: 'west', crm: { limit: 9 } } })
  expect(vars.find('limit', 'crm')).toBe(9)
  expect(vars.find('region', 'crm')).toBe('north')
  expect(vars.find('limit', 'shop')).toBe(undefined)
})

test('a variable may be null', () => {
  expect(createVars({}, { as_of: null }).find('as_of', 'shop')).toBe(null)
})

test('--vars takes YAML and JSON', () => {
  expect(parseVarsFlag('as_of: 2020-01-05')).toEqual({ as_of: '2020-01-05' })
  expect(parseVarsFlag('{"limit": 3, "regions": ["south"]}')).toEqual({ limit: 3, regions: ['south'] })
  expect(parseVarsFlag('')).toEqual({})
})

test('--vars that is no map is refused', () => {
  expect(() => parseVarsFlag('[1]')).toThrow(UserError)
  expect(() => parseVarsFlag('as_of=1')).toThrow('The flag --vars takes a map, not "as_of=1".')
})
