import { afterEach, expect, test } from 'vitest'
import { TemporaryProject } from '../test/temporary-project.ts'
import { build } from './build.ts'
import { retry } from './retry.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

test('a retry has the variables of the run that it repeats', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': `select {{ var('day') }} as day`,
    'models/customers.sql': `select day from {{ ref('orders') }} where {{ 'nope' if var('day') == 1 and var('broken') else 'true' }}`,
  })
  const world = project.world()
  expect(await build({ vars: '{day: 1, broken: true}' }, world)).toBe(1)
  expect(await retry({ vars: '{day: 1, broken: false}' }, world)).toBe(0)
  expect(await build({ vars: '{day: 1, broken: true}' }, world)).toBe(1)
  await project.write({ 'models/customers.sql': `select day + 1 as day from {{ ref('orders') }}` })
  expect(await retry({}, world)).toBe(0)
  expect(await project.query('select day from customers')).toEqual([[2]])
})
