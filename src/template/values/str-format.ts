import { raise } from '../errors.ts'
import { getAttribute, getItem } from './access.ts'
import { formatValue } from './format-spec.ts'
import type { Arguments, KeywordArguments } from './host-object.ts'
import { repr, str } from './text.ts'

const FIELD = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g
/** Python says the same for both directions. */
const MIXED_NUMBERING = 'cannot switch from manual field specification to automatic field numbering'
const STEP = /\.([^.[\]]+)|\[([^\]]+)\]/g

/**
 * Python's `'{} {name!r:>10}'.format(…)`. The steps `{0.name}` and `{0[key]}` go through the engine's own attribute and
 * item access, so a format string reaches no more than a template does.
 */
export function strFormat(format: string, args: Arguments, kwargs: KeywordArguments): string {
  const fields = new FieldSource(args, kwargs)
  return format.replace(FIELD, (whole, name, conversion, spec) => {
    if (whole === '{{') return '{'
    if (whole === '}}') return '}'
    if (name === undefined) return raise('ValueError', `Single '${whole}' encountered in format string`)
    const value = fields.find(name)
    const converted = conversion === undefined ? value : conversion === 's' ? str(value) : repr(value)
    const fullSpec = (spec ?? '').replace(/\{([^{}]*)\}/g, (_whole: string, inner: string) => str(fields.find(inner)))
    return formatValue(converted, fullSpec)
  })
}

/** Finds fields by position, by number or by name. */
class FieldSource {
  private readonly args: Arguments
  private readonly kwargs: KeywordArguments
  private automatic = 0
  private isManual = false

  constructor(args: Arguments, kwargs: KeywordArguments) {
    this.args = args
    this.kwargs = kwargs
  }

  find(field: string): unknown {
    const head = /^[^.[]*/.exec(field)![0]
    let value = this.head(head)
    for (const [, attribute, item] of field.slice(head.length).matchAll(STEP)) {
      if (attribute !== undefined) value = getAttribute(value, attribute)
      else value = getItem(value, /^\d+$/.test(item!) ? Number(item) : item)
    }
    return value
  }

  private head(head: string): unknown {
    if (head === '') return this.positional(this.nextAutomatic())
    if (/^\d+$/.test(head)) return this.positional(this.manual(Number(head)))
    return this.kwargs.has(head) ? this.kwargs.get(head) : raise('KeyError', repr(head))
  }

  private nextAutomatic(): number {
    if (this.isManual) raise('ValueError', MIXED_NUMBERING)
    return this.automatic++
  }

  private manual(index: number): number {
    if (this.automatic > 0) raise('ValueError', MIXED_NUMBERING)
    this.isManual = true
    return index
  }

  private positional(index: number): unknown {
    if (index < this.args.length) return this.args[index]
    return raise('IndexError', 'tuple index out of range')
  }
}
