import { HostObject } from '../../values/host-object.ts'
import { repr } from '../../values/text.ts'
import { Tuple } from '../../values/tuple.ts'

/** What `groupby` gives: a pair that also answers to `.grouper` and `.list`. */
export class GroupTuple extends HostObject {
  readonly typeName = '_GroupTuple'
  private readonly pair: readonly [unknown, readonly unknown[]]

  constructor(grouper: unknown, list: readonly unknown[]) {
    super()
    this.pair = [grouper, list]
  }

  override attr(name: string): unknown {
    if (name === 'grouper') return this.pair[0]
    return name === 'list' ? this.pair[1] : undefined
  }

  override names(): readonly string[] {
    return ['grouper', 'list']
  }

  override item(key: unknown): unknown {
    return typeof key === 'number' ? this.pair.at(key) : undefined
  }

  override iter(): readonly unknown[] {
    return this.pair
  }

  override len(): number {
    return 2
  }

  override str(): string {
    return repr(new Tuple(this.pair))
  }

  override toPlain(): unknown {
    return this.pair
  }
}
