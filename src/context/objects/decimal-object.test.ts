import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTemplate, renderSync } from '../../template/index.ts'
import { DecimalObject } from './decimal-object.ts'

function render(text: string, names: Readonly<Record<string, string>>): string {
  const scope = { lookup: (name: string) => (names[name] === undefined ? undefined : DecimalObject.parse(names[name])) }
  return renderSync(parseTemplate({ path: 'models/prices.sql', text }), scope).text
}

test('prints its digits', () => {
  expect(
    render('{{ price }} {{ [price] }} {{ debt }} {{ cent }}', { price: '12.50', debt: '-0.05', cent: '.01' }),
  ).toBe("12.50 [Decimal('12.50')] -0.05 0.01")
})

test('calculates exactly, with integers and with its like', () => {
  const names = { price: '12.50', tax: '0.1' }
  expect(render('{{ price + tax }} {{ price - 1 }} {{ 2 * price }} {{ price * tax }} {{ -price }}', names)).toBe(
    '12.60 11.50 25.00 1.250 -12.50',
  )
  expect(
    render('{{ price / 2 }} {{ price // 5 }} {{ price % 5 }} {{ price | int }} {{ price | round(1) }}', names),
  ).toBe('6.25 2 2.50 12 12.5')
})

test('compares by value', () => {
  const names = { price: '12.50', same: '12.5' }
  expect(
    render(
      '{{ price == same }} {{ price > 12 }} {{ price == 12.5 }} {{ [price, same] | unique | list | length }}',
      names,
    ),
  ).toBe('True True True 1')
  expect(render('{{ "yes" if zero else "no" }}', { zero: '0.00' })).toBe('no')
})

test('adding and taking away gives the number back', () => {
  const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 9 }))
  fc.assert(
    fc.property(decimal, decimal, ([a, scaleOfA], [b, scaleOfB]) => {
      const [left, right] = [new DecimalObject(a, scaleOfA), new DecimalObject(b, scaleOfB)]
      // The sum and the difference of decimals are decimals.
      const sum = left.operate('+', right, 'left') as DecimalObject
      const difference = sum.operate('-', right, 'left') as DecimalObject
      return difference.eq(left) && DecimalObject.parse(left.str()).eq(left)
    }),
  )
})
