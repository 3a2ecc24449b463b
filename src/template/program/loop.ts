import { raise } from '../errors.ts'
import { equals } from '../values/compare.ts'
import { hostFunction } from '../values/function.ts'
import { type Arguments, HostObject } from '../values/host-object.ts'
import { iterate } from '../values/iterate.ts'
import { Tuple } from '../values/tuple.ts'
import { Undefined } from '../values/undefined.ts'

const DEEPEST_LOOPS = 400
const NAMES = [
  'index',
  'index0',
  'revindex',
  'revindex0',
  'first',
  'last',
  'length',
  'depth',
  'depth0',
  'previtem',
  'nextitem',
  'cycle',
  'changed',
]

/** Runs the body of a recursive loop again: `loop(children)`. */
export type LoopAgain = (items: readonly unknown[], depth: number) => unknown

/** The name `loop` inside a `for`. The generated code moves `index0` on. */
export class Loop extends HostObject {
  readonly typeName = 'LoopContext'
  index0 = 0
  private readonly items: readonly unknown[]
  private readonly depth0: number
  private readonly again: LoopAgain | undefined
  private lastChanged: Tuple | undefined

  constructor(items: readonly unknown[], depth0: number, again?: LoopAgain) {
    super()
    this.items = items
    this.depth0 = depth0
    this.again = again
  }

  override attr(name: string): unknown {
    const { index0, items } = this
    switch (name) {
      case 'index':
        return index0 + 1
      case 'index0':
        return index0
      case 'revindex':
        return items.length - index0
      case 'revindex0':
        return items.length - index0 - 1
      case 'first':
        return index0 === 0
      case 'last':
        return index0 === items.length - 1
      case 'length':
        return items.length
      case 'depth':
        return this.depth0 + 1
      case 'depth0':
        return this.depth0
      case 'previtem':
        return index0 > 0 ? items[index0 - 1] : new Undefined('there is no previous item')
      case 'nextitem':
        return index0 < items.length - 1 ? items[index0 + 1] : new Undefined('there is no next item')
      case 'cycle':
        return hostFunction('cycle', (args) => this.cycle(args))
      case 'changed':
        return hostFunction('changed', (args) => this.changed(new Tuple(args)))
      default:
        return undefined
    }
  }

  override names(): readonly string[] {
    return NAMES
  }

  override len(): number {
    return this.items.length
  }

  override call(args: Arguments): unknown {
    if (!this.again) {
      return raise('TypeError', "The loop must have the 'recursive' marker to be called recursively.")
    }
    if (this.depth0 > DEEPEST_LOOPS) raise('RecursionError', 'maximum recursion depth exceeded')
    return this.again(iterate(args[0]), this.depth0 + 1)
  }

  private cycle(args: Arguments): unknown {
    return args.length > 0 ? args[this.index0 % args.length] : raise('TypeError', 'no items for cycling given')
  }

  private changed(values: Tuple): boolean {
    const isSame = this.lastChanged !== undefined && equals(this.lastChanged, values)
    this.lastChanged = values
    return !isSame
  }
}
