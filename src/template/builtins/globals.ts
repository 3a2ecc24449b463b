import { raise } from '../errors.ts'
import { MacroReturn } from '../program/macro.ts'
import { Dict } from '../values/dict.ts'
import { hostFunction } from '../values/function.ts'
import type { Arguments, HostFunctionBody, KeywordArguments } from '../values/host-object.ts'
import { HostObject } from '../values/host-object.ts'
import { updateDict } from '../values/methods/dict.ts'
import { Range } from '../values/sequences.ts'
import { str } from '../values/text.ts'
import { isInteger, typeName } from '../values/types.ts'
import { Undefined } from '../values/undefined.ts'
import { Namespace } from './namespace.ts'

/** As in Jinja's sandbox. */
const LONGEST_RANGE = 100_000

/** The names that every template has, unless its scope says otherwise: Jinja's globals and dbt's `return`. */
export const GLOBALS: ReadonlyMap<string, unknown> = new Map(
  Object.entries({
    range,
    dict: (args, kwargs) => dictFrom(args, kwargs),
    namespace: (args, kwargs) => new Namespace(dictFrom(args, kwargs)),
    cycler: (args) => new Cycler(args),
    joiner: (args, kwargs) => joiner(args[0] ?? kwargs.get('sep') ?? ', '),
    return: returnValue,
  } satisfies Record<string, HostFunctionBody>).map(([name, body]) => [name, hostFunction(name, body)]),
)

function range(args: Arguments): Range {
  if (args.length === 0) raise('TypeError', 'range expected at least 1 argument, got 0')
  if (args.length > 3) raise('TypeError', `range expected at most 3 arguments, got ${args.length}`)
  const numbers = args.map(integerOf)
  const [first = 0, second, step = 1] = numbers
  if (step === 0) raise('ValueError', 'range() arg 3 must not be zero')
  const result = second === undefined ? new Range(0, first, 1) : new Range(first, second, step)
  if (result.length > LONGEST_RANGE) {
    raise('OverflowError', `Range too big. The sandbox blocks ranges larger than MAX_RANGE (${LONGEST_RANGE}).`, {
      sentence: `"range" gives at most ${LONGEST_RANGE} numbers.`,
    })
  }
  return result
}

function integerOf(value: unknown): number {
  if (isInteger(value)) return Number(value)
  if (typeof value === 'boolean') return Number(value)
  if (value instanceof Undefined) value.fail()
  return raise('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`)
}

function dictFrom(args: Arguments, kwargs: KeywordArguments): Dict {
  const dict = new Dict()
  updateDict(dict, { args, kwargs })
  return dict
}

function joiner(separator: unknown): unknown {
  let isFirst = true
  return hostFunction('joiner', () => {
    const text = isFirst ? '' : str(separator)
    isFirst = false
    return text
  })
}

/**
 * dbt's `return(value)` where it is not a statement of its own; the compiler turns those into JavaScript's `return`.
 * Outside macros there is nothing to return from.
 */
function returnValue(args: Arguments, kwargs: KeywordArguments): never {
  if (args.length + kwargs.size !== 1) raise('TypeError', 'return() takes exactly one argument: the value')
  throw new MacroReturn(args.length === 1 ? args[0] : [...kwargs.values()][0])
}

class Cycler extends HostObject {
  readonly typeName = 'Cycler'
  private readonly items: Arguments
  private position = 0

  constructor(items: Arguments) {
    super()
    if (items.length === 0) raise('RuntimeError', 'at least one item has to be provided')
    this.items = items
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'current':
        return this.items[this.position]
      case 'next':
        return hostFunction('next', () => this.next())
      case 'reset':
        return hostFunction('reset', () => {
          this.position = 0
        })
      default:
        return undefined
    }
  }

  override names(): readonly string[] {
    return ['current', 'next', 'reset']
  }

  private next(): unknown {
    const item = this.items[this.position]
    this.position = (this.position + 1) % this.items.length
    return item
  }
}
