import type { Dict } from '../values/dict.ts'
import { HostObject } from '../values/host-object.ts'
import { repr } from '../values/text.ts'

/** What `namespace()` makes: the one object whose attributes `{% set ns.x = … %}` may change. */
export class Namespace extends HostObject {
  readonly typeName = 'Namespace'
  private readonly values: Dict

  constructor(values: Dict) {
    super()
    this.values = values
  }

  set(name: string, value: unknown): void {
    this.values.set(name, value)
  }

  override attr(name: string): unknown {
    return this.values.get(name)
  }

  override names(): Iterable<string> {
    return this.values.keys().filter((key) => typeof key === 'string')
  }

  override str(): string {
    return `<Namespace ${repr(this.values)}>`
  }
}
