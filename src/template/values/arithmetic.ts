import { raise } from '../errors.ts'
import { float } from './float.ts'
import { HostObject, type Operator } from './host-object.ts'
import { iterate } from './iterate.ts'
import { percentFormat } from './percent-format.ts'
import { DictView } from './sequences.ts'
import { TemplateSet } from './set.ts'
import { Tuple } from './tuple.ts'
import { isFloat, isInteger, numberOf, typeName } from './types.ts'
import { Undefined } from './undefined.ts'

/** Longest string or list that `*` makes: a mistake in a template shall not eat the machine. */
const LONGEST_REPETITION = 50_000_000

export function add(left: unknown, right: unknown): unknown {
  if (typeof left === 'string' && typeof right === 'string') return left + right
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right]
  if (left instanceof Tuple && right instanceof Tuple) return new Tuple([...left.items, ...right.items])
  if (typeof left === 'string' || Array.isArray(left) || left instanceof Tuple) return cannotConcatenate(left, right)
  return calculate('+', left, right, { number: (a, b) => a + b, big: (a, b) => a + b })
}

function cannotConcatenate(left: unknown, right: unknown): unknown {
  if (right instanceof Undefined) right.fail()
  if (right instanceof HostObject) {
    const result = right.operate('+', left, 'right')
    if (result !== undefined) return result
  }
  const type = typeName(left)
  return raise('TypeError', `can only concatenate ${type} (not "${typeName(right)}") to ${type}`, {
    sentence: `"+" cannot join a value of type ${type} and one of type ${typeName(right)}.`,
    hint: type === 'str' ? 'use "~", which makes text of both sides' : undefined,
  })
}

export function subtract(left: unknown, right: unknown): unknown {
  if (left instanceof TemplateSet && right instanceof TemplateSet) {
    return new TemplateSet(left.values().filter((value) => !right.has(value)))
  }
  if (left instanceof DictView || right instanceof DictView) {
    const taken = new TemplateSet(iterate(right))
    return new TemplateSet(iterate(left).filter((value) => !taken.has(value)))
  }
  return calculate('-', left, right, { number: (a, b) => a - b, big: (a, b) => a - b })
}

export function multiply(left: unknown, right: unknown): unknown {
  if (isRepeatable(left) && isCount(right)) return repeat(left, Number(right))
  if (isRepeatable(right) && isCount(left)) return repeat(right, Number(left))
  const other = isRepeatable(left) ? right : left
  if ((isRepeatable(left) || isRepeatable(right)) && !(other instanceof HostObject)) {
    if (other instanceof Undefined) other.fail()
    raise('TypeError', `can't multiply sequence by non-int of type '${typeName(other)}'`)
  }
  return calculate('*', left, right, { number: (a, b) => a * b, big: (a, b) => a * b })
}

type Repeatable = string | unknown[] | Tuple

function isRepeatable(value: unknown): value is Repeatable {
  return typeof value === 'string' || Array.isArray(value) || value instanceof Tuple
}

function isCount(value: unknown): value is number | bigint | boolean {
  return isInteger(value) || typeof value === 'boolean'
}

function repeat(value: Repeatable, times: number): Repeatable {
  const count = Math.max(0, times)
  const length = value instanceof Tuple ? value.items.length : value.length
  if (length * count > LONGEST_REPETITION) raise('MemoryError', 'The result of "*" is too long.')
  if (typeof value === 'string') return value.repeat(count)
  const items = value instanceof Tuple ? value.items : value
  const repeated = Array.from({ length: count }, () => items).flat()
  return value instanceof Tuple ? new Tuple(repeated) : repeated
}

export function divide(left: unknown, right: unknown): unknown {
  const [dividend, divisor] = [numberOf(left), numberOf(right)]
  if (dividend === undefined || divisor === undefined) return calculate('/', left, right, { number: (a, b) => a / b })
  if (Number(divisor) === 0)
    raise('ZeroDivisionError', isFloat(left) || isFloat(right) ? 'float division by zero' : 'division by zero')
  return float(Number(dividend) / Number(divisor))
}

export function floorDivide(left: unknown, right: unknown): unknown {
  refuseZero(left, right, 'integer division or modulo by zero', 'float floor division by zero')
  return calculate('//', left, right, {
    number: (a, b) => Math.floor(a / b),
    big: (a, b) => (a - (((a % b) + b) % b)) / b,
  })
}

export function modulo(left: unknown, right: unknown): unknown {
  if (typeof left === 'string') return percentFormat(left, right)
  refuseZero(left, right, 'integer modulo by zero', 'float modulo')
  return calculate('%', left, right, {
    // The sign of the divisor, as in Python.
    number: (a, b) => (a % b !== 0 && a % b < 0 !== b < 0 ? (a % b) + b : a % b),
    big: (a, b) => ((a % b) + b) % b,
  })
}

export function power(left: unknown, right: unknown): unknown {
  const exponent = numberOf(right)
  if (isInteger(left) && exponent !== undefined && Number(exponent) < 0) {
    if (Number(left) === 0) raise('ZeroDivisionError', '0.0 cannot be raised to a negative power')
    return float(Number(left) ** Number(exponent))
  }
  if (exponent !== undefined && Number(exponent) > 100_000) raise('OverflowError', 'The exponent is too large.')
  return calculate('**', left, right, { number: (a, b) => a ** b, big: (a, b) => a ** b })
}

function refuseZero(left: unknown, right: unknown, ofIntegers: string, ofFloats: string): void {
  const divisor = numberOf(right)
  if (numberOf(left) === undefined || divisor === undefined || Number(divisor) !== 0) return
  raise('ZeroDivisionError', isFloat(left) || isFloat(right) ? ofFloats : ofIntegers)
}

interface Calculation {
  readonly number: (left: number, right: number) => number
  /** For integers that a number does not hold exactly. */
  readonly big?: (left: bigint, right: bigint) => bigint
}

function calculate(operator: Operator, left: unknown, right: unknown, calculation: Calculation): unknown {
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a === undefined || b === undefined) return operateOnObjects(operator, left, right)
  if (isFloat(left) || isFloat(right)) return float(calculation.number(Number(a), Number(b)))
  if (typeof a === 'number' && typeof b === 'number') {
    const result = calculation.number(a, b)
    if (Number.isSafeInteger(result)) return result === 0 ? 0 : result
  }
  return calculation.big
    ? integer(calculation.big(BigInt(a), BigInt(b)))
    : float(calculation.number(Number(a), Number(b)))
}

/** An integer as templates hold it: a number where that is exact. */
export function integer(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function operateOnObjects(operator: Operator, left: unknown, right: unknown): unknown {
  if (left instanceof Undefined) left.fail()
  if (left instanceof HostObject) {
    const result = left.operate(operator, right, 'left')
    if (result !== undefined) return result
  }
  if (right instanceof HostObject) {
    const result = right.operate(operator, left, 'right')
    if (result !== undefined) return result
  }
  if (right instanceof Undefined) right.fail()
  const name = operator === '**' ? '** or pow()' : operator
  return raise('TypeError', `unsupported operand type(s) for ${name}: '${typeName(left)}' and '${typeName(right)}'`, {
    sentence: `"${operator}" cannot be used between values of type ${typeName(left)} and ${typeName(right)}.`,
  })
}

export function negate(value: unknown): unknown {
  return sign(value, '-')
}

export function positive(value: unknown): unknown {
  return sign(value, '+')
}

function sign(value: unknown, operator: '-' | '+'): unknown {
  const number = numberOf(value)
  if (number === undefined) {
    if (value instanceof Undefined) value.fail()
    const result = value instanceof HostObject ? (operator === '-' ? value.negate() : value) : undefined
    return result ?? raise('TypeError', `bad operand type for unary ${operator}: '${typeName(value)}'`)
  }
  if (operator === '+') return isFloat(value) ? value : number
  if (isFloat(value)) return float(-Number(number))
  // Python's integers have no negative zero.
  return number === 0 ? 0 : -number
}
