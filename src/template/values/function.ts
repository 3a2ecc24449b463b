import type { CallSite } from './call-site.ts'
import {
  type Arguments,
  type HostCallable,
  type HostFunctionBody,
  HostObject,
  type KeywordArguments,
} from './host-object.ts'

/** A function of the host. `name` appears in messages. The body may return a promise, for asynchronous renders. */
export function hostFunction(name: string, body: HostFunctionBody): HostCallable {
  return new HostFunction(name, body)
}

class HostFunction extends HostObject implements HostCallable {
  readonly typeName = 'function'
  private readonly name: string
  private readonly body: HostFunctionBody

  constructor(name: string, body: HostFunctionBody) {
    super()
    this.name = name
    this.body = body
  }

  override call(args: Arguments, kwargs: KeywordArguments, call?: CallSite): unknown {
    return this.body(args, kwargs, call ?? NOWHERE)
  }

  override str(): string {
    return `<function ${this.name}>`
  }
}

/** The call site of a call that the host makes itself. */
const NOWHERE: CallSite = {
  place: { file: { path: 'lavra/host', text: '' }, start: 0, end: 0 },
  macroStack: [],
}
