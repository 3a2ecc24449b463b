import { float, HostObject, type Operator } from '../../template/index.ts'

/** An exact fixed-point number, as dbt's result tables hold what the database calls a decimal. Prints its digits. */
export class DecimalObject extends HostObject {
  readonly typeName = 'Decimal'
  /** The number is `unscaled / 10 ** scale`. */
  private readonly unscaled: bigint
  private readonly scale: number

  constructor(unscaled: bigint, scale: number) {
    super()
    this.unscaled = unscaled
    this.scale = scale
  }

  /** From `-41416.66`. */
  static parse(digits: string): DecimalObject {
    const [whole = '0', fraction = ''] = digits.split('.')
    return new DecimalObject(BigInt(whole + fraction), fraction.length)
  }

  override str(): string {
    const digits = String(this.unscaled < 0n ? -this.unscaled : this.unscaled).padStart(this.scale + 1, '0')
    const whole = digits.slice(0, digits.length - this.scale)
    const sign = this.unscaled < 0n ? '-' : ''
    return this.scale === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-this.scale)}`
  }

  override repr(): string {
    return `Decimal('${this.str()}')`
  }

  override truthy(): boolean {
    return this.unscaled !== 0n
  }

  override toNumber(): number | bigint {
    return this.scale === 0 ? this.unscaled : Number(this.str())
  }

  override toPlain(): unknown {
    return Number(this.str())
  }

  override eq(other: unknown): boolean {
    return this.compare(other) === 0
  }

  override compare(other: unknown): number | undefined {
    const right = decimalOf(other)
    if (!right) return undefined
    const { a, b } = this.alignedWith(right)
    return a < b ? -1 : a > b ? 1 : 0
  }

  override hash(): string {
    return this.str().replace(/\.?0+$/, '')
  }

  override negate(): unknown {
    return new DecimalObject(-this.unscaled, this.scale)
  }

  override operate(operator: Operator, other: unknown, side: 'left' | 'right'): unknown {
    const value = decimalOf(other)
    if (!value) return undefined
    const [left, right] = side === 'left' ? [this, value] : [value, this]
    const { a, b, scale } = left.alignedWith(right)
    switch (operator) {
      case '+':
        return new DecimalObject(a + b, scale)
      case '-':
        return new DecimalObject(a - b, scale)
      case '*':
        return new DecimalObject(left.unscaled * right.unscaled, left.scale + right.scale)
      case '/':
        return b === 0n ? undefined : float(Number(left.toNumber()) / Number(right.toNumber()))
      case '//':
        return b === 0n ? undefined : new DecimalObject(a / b, 0)
      case '%':
        return b === 0n ? undefined : new DecimalObject(a % b, scale)
      default:
        return undefined
    }
  }

  /** Both numbers without their points, at the larger scale. */
  private alignedWith(other: DecimalObject): { readonly a: bigint; readonly b: bigint; readonly scale: number } {
    const scale = Math.max(this.scale, other.scale)
    const raise = (number: DecimalObject) => number.unscaled * 10n ** BigInt(scale - number.scale)
    return { a: raise(this), b: raise(other), scale }
  }
}

function decimalOf(value: unknown): DecimalObject | undefined {
  if (value instanceof DecimalObject) return value
  if (typeof value === 'bigint') return new DecimalObject(value, 0)
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  return Number.isInteger(value) ? new DecimalObject(BigInt(value), 0) : decimalOfText(String(value))
}

/** Numbers so small or large that JavaScript writes them with an exponent are not mixed with decimals. */
function decimalOfText(text: string): DecimalObject | undefined {
  return text.includes('e') ? undefined : DecimalObject.parse(text)
}
