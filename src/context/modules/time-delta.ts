import { float, HostObject, hostFunction, numberOf, type Operator, str } from '../../template/index.ts'
import { fieldsOf, floorDivide, floorModulo, MICROS_PER_DAY, MICROS_PER_SECOND, order, timeText } from './calendar.ts'

/** A length of time: Python's `timedelta`. */
export class TimeDelta extends HostObject {
  readonly typeName = 'timedelta'
  readonly micros: bigint

  constructor(micros: bigint) {
    super()
    this.micros = micros
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'days':
        return Number(floorDivide(this.micros, MICROS_PER_DAY))
      case 'seconds':
        return Number(floorModulo(this.micros, MICROS_PER_DAY) / MICROS_PER_SECOND)
      case 'microseconds':
        return Number(floorModulo(this.micros, MICROS_PER_SECOND))
      case 'total_seconds':
        return hostFunction(name, () => float(Number(this.micros) / 1e6))
      default:
        return undefined
    }
  }

  override names(): Iterable<string> {
    return ['days', 'seconds', 'microseconds', 'total_seconds']
  }

  override str(): string {
    const days = floorDivide(this.micros, MICROS_PER_DAY)
    const time = fieldsOf(floorModulo(this.micros, MICROS_PER_DAY))
    const clock = timeText(time).replace(/^0/, '')
    return days === 0n ? clock : `${days} day${days === 1n || days === -1n ? '' : 's'}, ${clock}`
  }

  override repr(): string {
    const parts = ['days', 'seconds', 'microseconds'].filter((part) => this.attr(part) !== 0)
    return `datetime.timedelta(${parts.map((part) => `${part}=${str(this.attr(part))}`).join(', ') || '0'})`
  }

  override truthy(): boolean {
    return this.micros !== 0n
  }

  override eq(other: unknown): boolean {
    return other instanceof TimeDelta && other.micros === this.micros
  }

  override compare(other: unknown): number | undefined {
    return other instanceof TimeDelta ? order(this.micros, other.micros) : undefined
  }

  override hash(): string {
    return `timedelta ${this.micros}`
  }

  override negate(): unknown {
    return new TimeDelta(-this.micros)
  }

  override operate(operator: Operator, other: unknown, side: 'left' | 'right'): unknown {
    if (other instanceof TimeDelta) {
      const [left, right] = side === 'left' ? [this.micros, other.micros] : [other.micros, this.micros]
      if (operator === '+') return new TimeDelta(left + right)
      if (operator === '-') return new TimeDelta(left - right)
      if (right === 0n) return undefined
      if (operator === '/') return float(Number(left) / Number(right))
      return operator === '//' ? Number(floorDivide(left, right)) : undefined
    }
    const factor = numberOf(other)
    if (factor === undefined) return undefined
    if (operator === '*') return new TimeDelta(scaled(this.micros, Number(factor)))
    const isDivision = (operator === '/' || operator === '//') && side === 'left' && Number(factor) !== 0
    return isDivision ? new TimeDelta(scaled(this.micros, 1 / Number(factor))) : undefined
  }
}

function scaled(micros: bigint, factor: number): bigint {
  return Number.isInteger(factor) ? micros * BigInt(factor) : BigInt(Math.round(Number(micros) * factor))
}
