import { span } from '../text/source-file.ts'
import { raise, TemplateError } from './errors.ts'
import { templateIn } from './parse.ts'
import { templateProblem } from './program/located-error.ts'
import { pythonLiteral } from './python-literal.ts'
import { prepare, renderSync } from './render.ts'
import type { Scope } from './scope.ts'
import type { TemplateTree } from './tree.ts'
import { str } from './values/text.ts'
import { numberOf } from './values/types.ts'

/**
 * Renders a value of a YAML file as dbt does: a template that is one expression gives the value of it, everything else
 * gives text. `| as_bool`, `| as_number` and `| as_native` at the end read text as a Python literal; `| as_text` gives text.
 */
export function renderNative(tree: TemplateTree, scope: Scope): unknown {
  const template = templateIn(tree)
  if (!template.soleExpression) return renderSync(tree, scope).text
  const value = prepare(tree, scope, () => template.expressionProgram).attempt()
  const last = template.soleExpression
  if (last?.kind !== 'filter') return value
  try {
    return converted(value, last.name)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { file, extent } = tree
    throw templateProblem(error, span(file, extent.start + last.start, extent.start + last.end))
  }
}

function converted(value: unknown, filter: string): unknown {
  switch (filter) {
    case 'as_text':
      return str(value)
    case 'as_native':
      return readLiteral(value)
    case 'as_bool': {
      const result = readLiteral(value)
      return typeof result === 'boolean' ? result : cannotConvert(value, 'bool')
    }
    case 'as_number': {
      const result = readLiteral(value)
      const isNumber = numberOf(result) !== undefined && typeof result !== 'boolean'
      return isNumber ? result : cannotConvert(value, 'number')
    }
    default:
      return value
  }
}

function readLiteral(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const literal = pythonLiteral(value)
  return literal === undefined ? value : literal
}

function cannotConvert(value: unknown, type: string): never {
  return raise('JinjaRenderingError', `Could not convert value '${str(value)}' into type '${type}'`)
}
