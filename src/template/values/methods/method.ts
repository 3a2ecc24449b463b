import { raise } from '../../errors.ts'
import { type Arguments, HostObject, type KeywordArguments } from '../host-object.ts'

export type MethodBody<Self> = (self: Self, given: Given) => unknown
export type MethodTable<Self> = ReadonlyMap<string, MethodBody<Self>>

/** The arguments of one call of a method, found by position or name. */
export class Given {
  readonly args: Arguments
  readonly kwargs: KeywordArguments
  private readonly method: string

  constructor(method: string, args: Arguments, kwargs: KeywordArguments) {
    this.method = method
    this.args = args
    this.kwargs = kwargs
  }

  get count(): number {
    return this.args.length
  }

  /** An argument that must be there. */
  required(index: number, name: string): unknown {
    const value = this.find(index, name)
    return value === undefined ? raise('TypeError', `${this.method}() missing required argument '${name}'`) : value
  }

  /** An argument, or undefined. */
  find(index: number, name: string): unknown {
    return index < this.args.length ? this.args[index] : this.kwargs.get(name)
  }

  /** Fails when anything was given. */
  none(type: string): void {
    const count = this.args.length + this.kwargs.size
    if (count > 0) raise('TypeError', `${type}.${this.method}() takes no arguments (${count} given)`)
  }

  /** Fails when more was given than the method takes. */
  atMost(count: number): void {
    if (this.args.length + this.kwargs.size <= count) return
    const given = this.args.length + this.kwargs.size
    const takes = count === 0 ? 'no arguments' : `at most ${count} argument${count === 1 ? '' : 's'}`
    raise('TypeError', `${this.method}() takes ${takes} (${given} given)`)
  }
}

/** A method that belongs to one value. */
export class Method extends HostObject {
  readonly typeName = 'builtin_function_or_method'
  private readonly name: string
  private readonly body: (given: Given) => unknown

  constructor(name: string, body: (given: Given) => unknown) {
    super()
    this.name = name
    this.body = body
  }

  override call(args: Arguments, kwargs: KeywordArguments): unknown {
    return this.body(new Given(this.name, args, kwargs))
  }

  override str(): string {
    return `<built-in method ${this.name}>`
  }
}

/** A method that takes no arguments. */
export function bare<Self>(type: string, run: (self: Self) => unknown): MethodBody<Self> {
  return (self, given) => {
    given.none(type)
    return run(self)
  }
}
