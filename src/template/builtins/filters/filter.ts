import { raise } from '../../errors.ts'
import type { Arguments, KeywordArguments } from '../../values/host-object.ts'
import { str } from '../../values/text.ts'
import { isUndefined } from '../../values/types.ts'

export type Filter = (value: unknown, args: Arguments, kwargs: KeywordArguments) => unknown
export type FilterTable = readonly (readonly [name: string, filter: Filter])[]

/**
 * A filter with named parameters, each given by position or by name. `run` gets them in that order; what was not given
 * is undefined.
 */
export function filter(parameters: readonly string[], run: (value: unknown, ...args: unknown[]) => unknown): Filter {
  return (value, args, kwargs) => {
    if (args.length === 0 && kwargs.size === 0) return run(value)
    if (args.length > parameters.length) {
      const takes = parameters.length === 0 ? 'no arguments' : `at most ${parameters.length}`
      raise('TypeError', `This filter takes ${takes}, ${args.length} given.`)
    }
    for (const name of kwargs.keys()) {
      if (!parameters.includes(name)) raise('TypeError', `This filter got an unexpected keyword argument '${name}'`)
    }
    return run(value, ...parameters.map((name, index) => (index < args.length ? args[index] : kwargs.get(name))))
  }
}

/** A filter of text alone. */
export function textFilter(run: (text: string) => unknown): Filter {
  return filter([], (value) => run(str(value)))
}

/** An argument that was neither left out nor None. */
export function isGiven(argument: unknown): boolean {
  return argument !== null && !isUndefined(argument)
}
