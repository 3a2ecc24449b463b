import type { CallSite } from './call-site.ts'

export type Arguments = readonly unknown[]
export type KeywordArguments = ReadonlyMap<string, unknown>
export type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**'

export const NO_KEYWORDS: KeywordArguments = new Map()

/**
 * An object that the host offers to templates: a relation, `adapter`, a date. Templates reach only what `attr`, `item`
 * and `call` return by their own explicit choice; the JavaScript properties of the object are out of reach. In all
 * methods `undefined` stands for "there is no such thing", and the engine then does what Python would do.
 */
export abstract class HostObject {
  /** How messages name its type: `Relation`. */
  abstract readonly typeName: string

  /** `object.name`. Never answer from the JavaScript object itself (`this[name]`): list the names. */
  attr(_name: string): unknown {
    return undefined
  }

  /** The names that `attr` knows, for "did you mean". */
  names(): Iterable<string> {
    return []
  }

  /** `object[key]`; where it gives undefined for a string, `attr` is asked. */
  item(_key: unknown): unknown {
    return undefined
  }

  /** `object(…)`. Absent where the object cannot be called. May return a promise in asynchronous renders. */
  call?(args: Arguments, kwargs: KeywordArguments, call?: CallSite): unknown

  /** What `{{ object }}` prints. */
  str(): string {
    return `<${this.typeName}>`
  }

  /** How the object prints inside a list. */
  repr(): string {
    return this.str()
  }

  truthy(): boolean {
    const length = this.len()
    return length === undefined || length > 0
  }

  eq(other: unknown): boolean {
    return this === other
  }

  /** Negative, zero or positive, as a sort wants it; undefined where the two cannot be ordered. */
  compare(_other: unknown): number | undefined {
    return undefined
  }

  /** Equal objects have equal hashes; without one, the object itself is the key. */
  hash(): string | undefined {
    return undefined
  }

  iter(): Iterable<unknown> | undefined {
    return undefined
  }

  len(): number | undefined {
    return undefined
  }

  contains(_value: unknown): boolean | undefined {
    return undefined
  }

  /** Makes the object a mapping: `is mapping`, `**object`, `dict(object)`, `object | items`. */
  keys(): Iterable<unknown> | undefined {
    return undefined
  }

  /** `object + other`, or `other + object` where `side` is `right`. */
  operate(_operator: Operator, _other: unknown, _side: 'left' | 'right'): unknown {
    return undefined
  }

  /** `-object`, `+object`. */
  negate(): unknown {
    return undefined
  }

  /** The number that `int`, `float`, `round` and `%d` take it for. */
  toNumber(): number | bigint | undefined {
    return undefined
  }

  /** `'{:%Y}'.format(object)`; without it the text of `str` is padded. */
  format(_spec: string): string | undefined {
    return undefined
  }

  /** What `tojson` and `toPlain` make of it. */
  toPlain(): unknown {
    return undefined
  }
}

/** A host object that can be called: a function of the host or a macro. */
export interface HostCallable extends HostObject {
  call(args: Arguments, kwargs: KeywordArguments, call?: CallSite): unknown
}

export type HostFunctionBody = (args: Arguments, kwargs: KeywordArguments, call: CallSite) => unknown
