import { didYouMean } from '../../diagnostics/suggest.ts'
import { raise } from '../errors.ts'
import type { CallSite } from '../values/call-site.ts'
import { Dict } from '../values/dict.ts'
import { type Arguments, type HostCallable, HostObject, type KeywordArguments } from '../values/host-object.ts'
import { Tuple } from '../values/tuple.ts'
import { Undefined } from '../values/undefined.ts'
import { Call, Frame, type Places } from './frame.ts'
import { Recording } from './output.ts'

/** Stands for a parameter that was not given. */
export const MISSING = Symbol('missing')

/** Carries the value of a `return()` that is not a statement of its own out of the macro around it. */
export class MacroReturn {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** What the generated code says of a macro or of the body of a `{% call %}`. */
export interface MacroShape {
  readonly name: string
  readonly kind: 'macro' | 'caller'
  readonly parameters: readonly string[]
  readonly usesVarargs: boolean
  readonly usesKwargs: boolean
  readonly usesCaller: boolean
  /** Takes the frame, one value per parameter, then varargs, kwargs and caller. */
  readonly body: (frame: Frame, ...values: readonly unknown[]) => unknown
}

/** A macro as templates see it. Calling it gives what `return()` gave, or the text. */
export class Macro extends HostObject implements HostCallable {
  readonly typeName = 'Macro'
  private readonly shape: MacroShape
  private readonly places: Places

  constructor(shape: MacroShape, places: Places) {
    super()
    this.shape = shape
    this.places = places
  }

  override call(args: Arguments, kwargs: KeywordArguments, call?: CallSite): unknown {
    const caller = call instanceof Call ? call : undefined
    const values = this.bind(args, kwargs)
    const name = this.shape.kind === 'macro' ? this.shape.name : undefined
    const frame = new Frame(this.places, caller?.frame.recording ?? new Recording(), name, caller)
    return this.shape.body(frame, ...values)
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'name':
        return this.shape.name
      case 'arguments':
        return new Tuple(this.shape.parameters)
      case 'caller':
        return this.shape.usesCaller
      case 'catch_kwargs':
        return this.shape.usesKwargs
      case 'catch_varargs':
        return this.shape.usesVarargs
      default:
        return undefined
    }
  }

  override names(): readonly string[] {
    return ['name', 'arguments', 'caller', 'catch_kwargs', 'catch_varargs']
  }

  override str(): string {
    return `<Macro '${this.shape.name}'>`
  }

  /** Jinja's rules for arguments: too many, unknown and doubled ones are errors, missing ones are not. */
  private bind(args: Arguments, kwargs: KeywordArguments): unknown[] {
    const { parameters, usesCaller } = this.shape
    const values: unknown[] = parameters.map((_, index) => (index < args.length ? args[index] : MISSING))
    const rest = new Dict()
    let caller: unknown
    for (const [name, value] of kwargs) {
      const index = parameters.indexOf(name)
      if (index < 0 && name === 'caller' && usesCaller) caller = value
      else if (index < 0) rest.set(name, value)
      else if (values[index] === MISSING) values[index] = value
      else this.refuse(`takes no keyword argument '${name}'`, `is given "${name}" twice`)
    }
    const noCaller = usesCaller ? new Undefined('No caller defined') : undefined
    return [...values, this.extraPositional(args), this.extraKeywords(rest), caller ?? noCaller]
  }

  private extraPositional(args: Arguments): Tuple | undefined {
    const count = this.shape.parameters.length
    if (this.shape.usesVarargs) return new Tuple(args.slice(count))
    if (args.length > count) {
      const takes = count === 0 ? 'takes no arguments' : `takes at most ${count} argument${count === 1 ? '' : 's'}`
      this.refuse(`takes not more than ${count} argument(s)`, `${takes} but is given ${args.length}`)
    }
    return undefined
  }

  private extraKeywords(rest: Dict): Dict | undefined {
    if (this.shape.usesKwargs) return rest
    const [unknown] = rest.keys()
    if (unknown === 'caller') {
      const jinja = 'was invoked with two values for the special caller argument. This is most likely a bug.'
      this.refuse(jinja, 'never calls "caller()", so "{% call %}" cannot be used with it')
    }
    if (unknown !== undefined) {
      const name = String(unknown)
      const hint = didYouMean(name, this.shape.parameters)
      this.refuse(`takes no keyword argument '${name}'`, `has no parameter "${name}"`, hint)
    }
    return undefined
  }

  private refuse(jinja: string, plain: string, hint?: string): never {
    return raise('TypeError', `macro '${this.shape.name}' ${jinja}`, {
      sentence: `The macro "${this.shape.name}" ${plain}.`,
      hint,
    })
  }
}
