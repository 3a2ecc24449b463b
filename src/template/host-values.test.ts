import { describe, expect, test } from 'vitest'
import {
  Dict,
  float,
  HostObject,
  hostFunction,
  type Operator,
  parseTemplate,
  renderSync,
  repr,
  str,
  TemplateSet,
  Tuple,
  toPlain,
  toTemplateValue,
  truthy,
  Undefined,
} from './index.ts'

/** An amount of money in cents, as a context might offer it. */
class Money extends HostObject {
  readonly typeName = 'Money'
  private readonly cents: number

  constructor(cents: number) {
    super()
    this.cents = cents
  }

  override attr(name: string): unknown {
    if (name === 'cents') return this.cents
    return name === 'times' ? hostFunction('times', ([factor]) => new Money(this.cents * Number(factor))) : undefined
  }

  override names() {
    return ['cents', 'times']
  }

  override item(key: unknown): unknown {
    return key === 0 ? this.cents : undefined
  }

  override call(args: readonly unknown[], kwargs: ReadonlyMap<string, unknown>): unknown {
    return `${str(this)} × ${args.length + kwargs.size}`
  }

  override str() {
    return `${(this.cents / 100).toFixed(2)} €`
  }

  override repr() {
    return `Money(${this.cents})`
  }

  override truthy() {
    return this.cents !== 0
  }

  override eq(other: unknown) {
    return other instanceof Money && other.cents === this.cents
  }

  override compare(other: unknown) {
    return other instanceof Money ? this.cents - other.cents : undefined
  }

  override hash() {
    return `money ${this.cents}`
  }

  override operate(operator: Operator, other: unknown, side: 'left' | 'right'): unknown {
    if (operator === '+' && other instanceof Money) return new Money(this.cents + other.cents)
    if (operator === '+' && other === 0) return this
    if (operator === '-' && typeof other === 'number')
      return new Money(side === 'left' ? this.cents - other : other - this.cents)
    return undefined
  }

  override negate() {
    return new Money(-this.cents)
  }

  override toNumber() {
    return this.cents / 100
  }

  override format(spec: string) {
    return spec === 'cents' ? `${this.cents} ct` : undefined
  }

  override toPlain() {
    return this.str()
  }
}

/** A row that can be read by name and walked. */
class Row extends HostObject {
  readonly typeName = 'Row'

  override item(key: unknown): unknown {
    return key === 'id' ? 1 : key === 'name' ? 'Ada' : undefined
  }

  override keys() {
    return ['id', 'name']
  }

  override iter() {
    return [1, 'Ada']
  }

  override len() {
    return 2
  }

  override contains(value: unknown) {
    return value === 'Ada'
  }
}

describe('a host object', () => {
  test.each([
    ['{{ price }} {{ [price] }} {{ price ~ "!" }}', '12.50 € [Money(1250)] 12.50 €!'],
    ['{{ price.cents }} {{ price["cents"] }} {{ price[0] }} {{ price.times(2) }}', '1250 1250 1250 25.00 €'],
    ['{{ price() }} {{ price(1, a=2) }}', '12.50 € × 0 12.50 € × 2'],
    ['{{ "yes" if price else "no" }} {{ "yes" if free else "no" }} {{ free or price }}', 'yes no 12.50 €'],
    ['{{ price == same }} {{ price != free }} {{ price in [free, same] }} {{ price == 1250 }}', 'True True True False'],
    ['{{ price > free }} {{ [price, free] | sort }} {{ [price, free] | max }}', 'True [Money(0), Money(1250)] 12.50 €'],
    ['{{ {price: 1}[same] }} {{ [price, same] | unique | list }}', '1 [Money(1250)]'],
    [
      '{{ price + same }} {{ price - 50 }} {{ 50 - price }} {{ -price }} {{ [price, same] | sum }}',
      '25.00 € 12.00 € -12.00 € -12.50 € 25.00 €',
    ],
    ['{{ price | float }} {{ price | int }} {{ price | round }} {{ "%.1f" % price }}', '12.5 12 12.0 12.5'],
    ['{{ "{:cents}|{:>9}".format(price, price) }} {{ [price] | tojson }}', '1250 ct|  12.50 € ["12.50 \\u20ac"]'],
    [
      '{{ price is callable }} {{ price is mapping }} {{ price is iterable }} {{ price is number }}',
      'True False False True',
    ],
    [
      '{{ row | list }} {{ row | length }} {{ row.id is defined }} {{ row["name"] }} {{ "Ada" in row }} {{ 1 in row }}',
      "[1, 'Ada'] 2 False Ada True False",
    ],
    [
      '{{ row is mapping }} {{ dict(row) }} {{ row | items | list }} {{ row | tojson }}',
      `True {'id': 1, 'name': 'Ada'} [('id', 1), ('name', 'Ada')] {"id": 1, "name": "Ada"}`,
    ],
    ['{% for value in row %}{{ value }};{% endfor %}{% set id, name = row %}{{ name }}', '1;Ada;Ada'],
    ['{{ count(**row) }} {{ count(*row) }} {{ row }}', '0+2 2+0 <Row>'],
  ])('%s', (text, expected) => {
    expect(render(text)).toBe(expected)
  })

  test.each([
    ['{{ price.cent }}{{ price.cent.x }}', 'This value of type Money has no attribute "cent".'],
    ['{{ price.constructor.x }}', 'This value of type Money has no attribute "constructor".'],
    ['{{ price * 2 }}', '"*" cannot be used between values of type Money and int.'],
    ['{{ "a" + price }}', '"+" cannot join a value of type str and one of type Money.'],
    ['{{ price < 1 }}', 'A value of type Money cannot be compared with one of type int.'],
    ['{{ row() }}', 'A value of type Row cannot be called.'],
    ['{{ price | length }}', "object of type 'Money' has no len()"],
  ])('%s fails', (text, message) => {
    expect(() => render(text)).toThrow(message)
  })
})

describe('values between host and template', () => {
  test('plain data goes in and comes out', () => {
    const data = { name: 'orders', tags: ['a', 1, null, true, 1.5], nested: { deep: [{}] } }
    expect(toPlain(toTemplateValue(data))).toEqual(data)
    expect(toTemplateValue(undefined)).toBeNull()
    expect(repr(toTemplateValue(new Map([['a', new Set([1])]])))).toBe("{'a': {1}}")
  })

  test('every kind of value has its plain form', () => {
    const values = [
      new Tuple([1, float(2)]),
      new TemplateSet(['a']),
      new Undefined('x is undefined'),
      new Money(5),
      new Row(),
    ]
    expect(toPlain(values)).toEqual([[1, 2], ['a'], null, '0.05 €', { id: 1, name: 'Ada' }])
  })

  test('a key named __proto__ is a key', () => {
    const plain = toPlain(new Dict([['__proto__', 1]]))
    expect(Object.entries(plain as object)).toEqual([['__proto__', 1]])
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype)
  })

  test('functions and foreign objects are refused', () => {
    expect(() => toTemplateValue({ run: () => 1 })).toThrow('Internal error')
    expect(() => toTemplateValue([new Date(0)])).toThrow('Internal error')
  })

  test('text, repr and truth are those of Python', () => {
    expect([true, null, 1, float(1), 'a', ['a'], new Tuple(['a'])].map(str)).toEqual([
      'True',
      'None',
      '1',
      '1.0',
      'a',
      "['a']",
      "('a',)",
    ])
    expect([0, float(0), '', [], new Dict(), null, new Undefined('x'), new Money(0)].some(truthy)).toBe(false)
    expect([1, ' ', [0], new Dict([[1, 1]]), new Row()].every(truthy)).toBe(true)
  })
})

function render(text: string): string {
  const names = new Map<string, unknown>([
    ['price', new Money(1250)],
    ['same', new Money(1250)],
    ['free', new Money(0)],
    ['row', new Row()],
    ['count', hostFunction('count', (args, kwargs) => `${args.length}+${kwargs.size}`)],
  ])
  return renderSync(parseTemplate({ path: 'models/orders.sql', text }), { lookup: (name) => names.get(name) }).text
}
