import { Dict, HostObject, hostFunction, str, Tuple } from '../../template/index.ts'
import { readArguments } from './arguments.ts'

/** What the names stand for. */
export type Members = Readonly<Record<string, unknown>>

/**
 * A fixed set of names that templates read as attributes or items: `target`, `flags`, `modules.re`. Unlike a dict it cannot
 * be changed, so one can be shared by all templates of a run.
 */
export class NamesObject extends HostObject {
  readonly typeName: string
  private readonly members: Members

  constructor(typeName: string, members: Members) {
    super()
    this.typeName = typeName
    this.members = members
  }

  override attr(name: string): unknown {
    return this.item(name) ?? this.method(name)
  }

  override names(): Iterable<string> {
    return Object.keys(this.members)
  }

  override item(key: unknown): unknown {
    return typeof key === 'string' && Object.hasOwn(this.members, key) ? this.members[key] : undefined
  }

  override keys(): Iterable<unknown> {
    return Object.keys(this.members)
  }

  override iter(): Iterable<unknown> {
    return Object.keys(this.members)
  }

  override contains(value: unknown): boolean {
    return this.item(value) !== undefined
  }

  override len(): number {
    return Object.keys(this.members).length
  }

  override str(): string {
    return str(new Dict(Object.entries(this.members)))
  }

  private method(name: string): unknown {
    switch (name) {
      case 'get':
        return hostFunction(name, (args, kwargs) => {
          const [key, fallback] = readArguments(name, ['key', 'default'], args, kwargs)
          return this.item(key) ?? fallback ?? null
        })
      case 'keys':
        return hostFunction(name, () => Object.keys(this.members))
      case 'values':
        return hostFunction(name, () => Object.values(this.members))
      case 'items':
        return hostFunction(name, () => Object.entries(this.members).map(([key, value]) => Tuple.of(key, value)))
      default:
        return undefined
    }
  }
}
