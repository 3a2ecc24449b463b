import { TemplateSyntaxError } from './errors.ts'
import { templateOf } from './program/compiled-template.ts'
import type { Expression } from './syntax/nodes.ts'
import { negate } from './values/arithmetic.ts'
import { Dict } from './values/dict.ts'
import { float } from './values/float.ts'
import { Tuple } from './values/tuple.ts'

const PYTHON_NAMES: ReadonlySet<unknown> = new Set(['true', 'false', 'none'])

/** The value of a text that is a Python literal (`True`, `1.5`, `['a']`), or undefined where it is something else. */
export function pythonLiteral(text: string): unknown {
  // Jinja's constants in lower case are no literals of Python.
  if (PYTHON_NAMES.has(text.trim()) || /[{%]%|%}|\}\}|\{\{|\{#/.test(text)) return undefined
  try {
    const expression = templateOf(`{{ ${text} }}`).soleExpression
    return expression && literalValue(expression)
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return undefined
    throw error
  }
}

/** The value of an expression without names and calls; undefined for every other. */
export function literalValue(expression: Expression): unknown {
  switch (expression.kind) {
    case 'constant':
      return expression.isFloat ? float(Number(expression.value)) : expression.value
    case 'list':
      return literalValues(expression.items)
    case 'tuple': {
      const items = literalValues(expression.items)
      return items && new Tuple(items)
    }
    case 'dict': {
      const keys = literalValues(expression.pairs.map((pair) => pair.key))
      const values = literalValues(expression.pairs.map((pair) => pair.value))
      return keys && values && new Dict(keys.map((key, index) => [key, values[index]] as const))
    }
    case 'unary':
      return expression.operator === 'not' ? undefined : signedValue(expression.operator, expression.target)
    default:
      return undefined
  }
}

function literalValues(expressions: readonly Expression[]): unknown[] | undefined {
  const values = expressions.map(literalValue)
  return values.includes(undefined) ? undefined : values
}

function signedValue(operator: '-' | '+', target: Expression): unknown {
  const value = literalValue(target)
  if (target.kind !== 'constant' || typeof value === 'string' || typeof value === 'boolean' || value === null)
    return undefined
  return operator === '-' ? negate(value) : value
}
