import { HostObject } from '../../template/index.ts'

/**
 * Stands for a value that is known only while the run goes on, such as `value` of a `per_value` model. Whatever is asked of it
 * is as unknown; it prints as nothing and is false and empty.
 */
export class UnknownValue extends HostObject {
  readonly typeName = 'unknown'

  override attr(): unknown {
    return this
  }

  override item(): unknown {
    return this
  }

  override call(): unknown {
    return this
  }

  override operate(): unknown {
    return this
  }

  override negate(): unknown {
    return this
  }

  override compare(): number {
    return 0
  }

  override str(): string {
    return ''
  }

  override iter(): Iterable<unknown> {
    return []
  }

  override len(): number {
    return 0
  }

  override contains(): boolean {
    return false
  }

  override toNumber(): number {
    return 0
  }

  override toPlain(): unknown {
    return null
  }
}
