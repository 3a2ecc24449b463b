import { didYouMean } from '../../diagnostics/suggest.ts'
import { TemplateSyntaxError } from '../errors.ts'
import type { Expression } from './nodes.ts'
import type { Token } from './tokens.ts'

/** `adapter='duckdb'` of a materialization. */
export function adapterName(value: Expression): string {
  if (value.kind === 'constant' && typeof value.value === 'string') return value.value
  throw new TemplateSyntaxError('The adapter of a materialization is a string.', value)
}

export function unknownOption(option: Token): TemplateSyntaxError {
  return new TemplateSyntaxError(`A materialization has no option "${option.value}".`, option, {
    hint: didYouMean(option.value, ['default', 'adapter', 'supported_languages']),
  })
}
