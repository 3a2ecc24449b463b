import { describe, expect, test } from 'vitest'
import { pathWildcard, wildcard } from './wildcard.ts'

describe('a name pattern', () => {
  test.each([
    ['stg_*', 'stg_orders', true],
    ['stg_*', 'orders', false],
    ['*.orders', 'shop.gold.orders', true],
    ['order?', 'orders', true],
    ['order?', 'order', false],
    ['[cd]ustomers', 'customers', true],
    ['[!c]ustomers', 'customers', false],
    ['orders[1-3]', 'orders2', true],
    ['[]]', ']', true],
    ['a[b', 'a[b', true],
    ['a.b', 'axb', false],
    ['(a|b)+', '(a|b)+', true],
    ['Orders', 'orders', false],
    ['[a\\]', '\\', true],
    ['são_*', 'são_paulo', true],
  ])('%s and the name %s: %s', (pattern, text, isMatch) => {
    expect(wildcard(pattern)(text)).toBe(isMatch)
  })
})

describe('a path pattern', () => {
  test.each([
    ['models/gold', 'models/gold', true],
    ['models/*', 'models/gold', true],
    ['models/*', 'models/gold/orders.sql', false],
    ['models/**/*.sql', 'models/gold/deep/orders.sql', true],
    ['models/**/*.sql', 'models/orders.sql', true],
    ['**/orders.sql', 'models/gold/orders.sql', true],
    ['models/**', 'models/gold/orders.sql', true],
    ['models/stg_?.sql', 'models/stg_a.sql', true],
    ['models/o.sql', 'models/oXsql', false],
  ])('%s and the path %s: %s', (pattern, path, isMatch) => {
    expect(pathWildcard(pattern)(path)).toBe(isMatch)
  })
})
