import { raise } from '../../errors.ts'
import type { Arguments, KeywordArguments } from '../../values/host-object.ts'
import { iterate } from '../../values/iterate.ts'
import { Lazy } from '../../values/sequences.ts'
import { str } from '../../values/text.ts'
import { truthy } from '../../values/truth.ts'
import { TESTS } from '../tests.ts'
import { attributeGetter } from './attribute.ts'
import type { Filter, FilterTable } from './filter.ts'
import { FILTERS } from './index.ts'

/** Filters that run another filter or a test over a list. */
export const SELECTION_FILTERS: FilterTable = [
  ['map', map],
  ['select', (value, args, kwargs) => select(value, args, kwargs, { keeps: true, byAttribute: false })],
  ['reject', (value, args, kwargs) => select(value, args, kwargs, { keeps: false, byAttribute: false })],
  ['selectattr', (value, args, kwargs) => select(value, args, kwargs, { keeps: true, byAttribute: true })],
  ['rejectattr', (value, args, kwargs) => select(value, args, kwargs, { keeps: false, byAttribute: true })],
]

/** `map(attribute='a.b', default=…)` or `map('filter', …)`. */
function map(value: unknown, args: Arguments, kwargs: KeywordArguments): Lazy {
  if (!truthy(value)) return new Lazy(() => [])
  if (args.length > 0) return new Lazy(() => iterate(value).map(namedFilter(args, kwargs)))
  return new Lazy(() => iterate(value).map(mappedAttribute(kwargs)))
}

function mappedAttribute(kwargs: KeywordArguments): (item: unknown) => unknown {
  if (!kwargs.has('attribute')) raise('FilterArgumentError', 'map requires a filter argument')
  for (const name of kwargs.keys()) {
    if (name !== 'attribute' && name !== 'default')
      raise('FilterArgumentError', `Unexpected keyword argument '${name}'`)
  }
  const fallback = kwargs.get('default')
  return attributeGetter(kwargs.get('attribute'), fallback === undefined ? {} : { fallback })
}

function namedFilter([name, ...rest]: Arguments, kwargs: KeywordArguments): (item: unknown) => unknown {
  const run: Filter = FILTERS.get(str(name)) ?? raise('TemplateRuntimeError', `No filter named '${str(name)}'.`)
  return (item) => run(item, rest, kwargs)
}

function select(
  value: unknown,
  args: Arguments,
  kwargs: KeywordArguments,
  options: { readonly keeps: boolean; readonly byAttribute: boolean },
): Lazy {
  if (!truthy(value)) return new Lazy(() => [])
  return new Lazy(() => {
    if (options.byAttribute && args.length === 0) raise('FilterArgumentError', 'Missing parameter for attribute name')
    const get = options.byAttribute ? attributeGetter(args[0]) : (item: unknown) => item
    const test = namedTest(options.byAttribute ? args.slice(1) : args, kwargs)
    return iterate(value).filter((item) => test(get(item)) === options.keeps)
  })
}

function namedTest([name, ...rest]: Arguments, kwargs: KeywordArguments): (value: unknown) => boolean {
  if (name === undefined) return truthy
  const run = TESTS.get(str(name)) ?? raise('TemplateRuntimeError', `No test named '${str(name)}'.`)
  return (value) => run(value, ...rest, ...kwargs.values())
}
