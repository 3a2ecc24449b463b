import { HostObject, hostFunction, str } from '../../template/index.ts'
import { fieldsOf, order, timeText } from './calendar.ts'
import { strftime } from './strftime.ts'

const TIME_PARTS = ['hour', 'minute', 'second', 'microsecond'] as const

/** A time of the day: Python's `time`. */
export class TimeObject extends HostObject {
  readonly typeName = 'time'
  readonly micros: bigint

  constructor(microsOfDay: bigint) {
    super()
    this.micros = microsOfDay
  }

  override attr(name: string): unknown {
    const fields = fieldsOf(this.micros)
    switch (name) {
      case 'hour':
      case 'minute':
      case 'second':
      case 'microsecond':
        return fields[name]
      case 'isoformat':
        return hostFunction(name, () => timeText(fields))
      case 'strftime':
        return hostFunction(name, (args) => strftime(fields, str(args[0])))
      default:
        return undefined
    }
  }

  override names(): Iterable<string> {
    return [...TIME_PARTS, 'isoformat', 'strftime']
  }

  override str(): string {
    return timeText(fieldsOf(this.micros))
  }

  override eq(other: unknown): boolean {
    return this.compare(other) === 0
  }

  override compare(other: unknown): number | undefined {
    return other instanceof TimeObject ? order(this.micros, other.micros) : undefined
  }

  override hash(): string {
    return `time ${this.micros}`
  }
}
