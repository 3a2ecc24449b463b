import { type Arguments, isUndefined, type KeywordArguments, TemplateError } from '../../template/index.ts'

/**
 * The arguments of a call in the order of `parameters`, whether they were given by place or by name; JavaScript's undefined
 * where one was not given, or was given a value that does not exist. Refuses what the function does not take.
 */
export function readArguments(
  functionName: string,
  parameters: readonly string[],
  args: Arguments,
  kwargs: KeywordArguments,
): unknown[] {
  if (args.length > parameters.length) {
    throw new TemplateError(`${functionName}() takes ${countOf(parameters)} but ${args.length} were given.`, {
      type: 'TypeError',
    })
  }
  for (const name of kwargs.keys()) {
    const position = parameters.indexOf(name)
    if (position < 0) {
      throw new TemplateError(`${functionName}() has no argument named "${name}".`, {
        type: 'TypeError',
        hint: parameters.length > 0 ? `it takes ${parameters.join(', ')}` : 'it takes no arguments',
      })
    }
    if (position < args.length) {
      throw new TemplateError(`${functionName}() was given "${name}" twice.`, { type: 'TypeError' })
    }
  }
  return parameters.map((name, position) => {
    const value = position < args.length ? args[position] : kwargs.get(name)
    return isUndefined(value) ? undefined : value
  })
}

function countOf(parameters: readonly string[]): string {
  if (parameters.length === 0) return 'no arguments'
  return parameters.length === 1 ? 'at most 1 argument' : `at most ${parameters.length} arguments`
}

/** An argument that must be text. */
export function textArgument(functionName: string, parameter: string, value: unknown): string {
  if (typeof value === 'string') return value
  const given = value === undefined ? 'was not given' : 'is not text'
  throw new TemplateError(`The argument "${parameter}" of ${functionName}() ${given}.`, { type: 'TypeError' })
}
