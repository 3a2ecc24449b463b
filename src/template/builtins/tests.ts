import { modulo } from '../values/arithmetic.ts'
import { atLeast, atMost, equals, greaterThan, isIn, lessThan } from '../values/compare.ts'
import { Dict } from '../values/dict.ts'
import { HostObject } from '../values/host-object.ts'
import { tryIterate } from '../values/iterate.ts'
import { DictView, Lazy, Range } from '../values/sequences.ts'
import { str } from '../values/text.ts'
import { Tuple } from '../values/tuple.ts'
import { isFloat, isInteger, isUndefined, numberOf } from '../values/types.ts'
import { FILTERS } from './filters/index.ts'

export type TemplateTest = (value: unknown, ...args: readonly unknown[]) => boolean

const different: TemplateTest = (value, other) => !equals(value, other)

/** Jinja's tests: `x is defined`. */
export const TESTS: ReadonlyMap<string, TemplateTest> = new Map<string, TemplateTest>([
  ['defined', (value) => !isUndefined(value)],
  ['undefined', (value) => isUndefined(value)],
  ['none', (value) => value === null],
  ['boolean', (value) => typeof value === 'boolean'],
  ['true', (value) => value === true],
  ['false', (value) => value === false],
  ['integer', isInteger],
  ['float', isFloat],
  ['number', isNumber],
  ['string', (value) => typeof value === 'string'],
  ['mapping', isMapping],
  ['sequence', isSequence],
  ['iterable', isIterable],
  ['callable', (value) => isUndefined(value) || (value instanceof HostObject && value.call !== undefined)],
  ['sameas', isSame],
  ['escaped', () => false],
  ['lower', (value) => str(value) !== str(value).toUpperCase() && str(value) === str(value).toLowerCase()],
  ['upper', (value) => str(value) !== str(value).toLowerCase() && str(value) === str(value).toUpperCase()],
  ['odd', (value) => equals(modulo(value, 2), 1)],
  ['even', (value) => equals(modulo(value, 2), 0)],
  ['divisibleby', (value, divisor) => equals(modulo(value, divisor), 0)],
  ['in', (value, container) => isIn(value, container)],
  ['filter', (value) => typeof value === 'string' && FILTERS.has(value)],
  ['test', (value) => typeof value === 'string' && TESTS.has(value)],
  ['eq', equals],
  ['==', equals],
  ['equalto', equals],
  ['ne', different],
  ['!=', different],
  ['lt', lessThan],
  ['<', lessThan],
  ['lessthan', lessThan],
  ['gt', greaterThan],
  ['>', greaterThan],
  ['greaterthan', greaterThan],
  ['le', atMost],
  ['<=', atMost],
  ['ge', atLeast],
  ['>=', atLeast],
])

function isNumber(value: unknown): boolean {
  return numberOf(value) !== undefined || (value instanceof HostObject && value.toNumber() !== undefined)
}

function isMapping(value: unknown): boolean {
  return value instanceof Dict || (value instanceof HostObject && value.keys() !== undefined)
}

/** Whatever has a length and items by number or key; an undefined value has both. */
function isSequence(value: unknown): boolean {
  if (typeof value === 'string' || Array.isArray(value) || isUndefined(value)) return true
  if (value instanceof Tuple || value instanceof Dict || value instanceof Range) return true
  return value instanceof HostObject && value.len() !== undefined
}

function isIterable(value: unknown): boolean {
  // Asking a lazy value would empty it.
  return value instanceof Lazy || value instanceof DictView || tryIterate(value) !== undefined
}

/** Python's `is`: small values are the same when they are equal and of one type. */
function isSame(value: unknown, other: unknown): boolean {
  return value === other || (isFloat(value) && isFloat(other) && numberOf(value) === numberOf(other))
}
