import { raise } from '../../errors.ts'
import { Dict } from '../../values/dict.ts'
import { HostObject } from '../../values/host-object.ts'
import { iterate } from '../../values/iterate.ts'
import { integerArgument } from '../../values/methods/list.ts'
import { center } from '../../values/methods/str.ts'
import { capitalize, replaceText, splitLines, strip } from '../../values/methods/str-tools.ts'
import { percentFormat } from '../../values/percent-format.ts'
import { repr, str } from '../../values/text.ts'
import { truthy } from '../../values/truth.ts'
import { Tuple } from '../../values/tuple.ts'
import { typeName } from '../../values/types.ts'
import { Undefined } from '../../values/undefined.ts'
import { attributeGetter } from './attribute.ts'
import { type FilterTable, filter, isGiven, textFilter } from './filter.ts'
import { wrapText } from './word-wrap.ts'

/** Filters from text to text. */
export const TEXT_FILTERS: FilterTable = [
  ['upper', textFilter((text) => text.toUpperCase())],
  ['lower', textFilter((text) => text.toLowerCase())],
  ['capitalize', textFilter(capitalize)],
  ['title', textFilter(title)],
  ['string', textFilter((text) => text)],
  [
    'trim',
    filter(['chars'], (value, characters) =>
      strip(str(value), isGiven(characters) ? str(characters) : undefined, 'both'),
    ),
  ],
  ['center', filter(['width'], (value, width) => center(str(value), integerArgument(width ?? 80), ' '))],
  ['replace', filter(['old', 'new', 'count'], replace)],
  ['format', (value, args, kwargs) => percentFormat(str(value), kwargs.size > 0 ? new Dict(kwargs) : new Tuple(args))],
  ['indent', filter(['width', 'first', 'blank'], indent)],
  ['join', filter(['d', 'attribute'], join)],
  ['truncate', filter(['length', 'killwords', 'end', 'leeway'], truncate)],
  ['wordcount', textFilter((text) => text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)],
  ['wordwrap', filter(['width', 'break_long_words', 'wrapstring', 'break_on_hyphens'], wordWrap)],
  ['pprint', filter([], (value) => repr(value))],
]

/** Unlike `str.title`, words begin after white space, hyphens and opening brackets only. */
function title(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map((word) => capitalize(word))
    .join('')
}

function replace(value: unknown, from: unknown, to: unknown, count: unknown): string {
  const missing = from === undefined ? ["'old'", "'new'"] : to === undefined ? ["'new'"] : []
  if (missing.length > 0) {
    const count = `${missing.length} required positional argument${missing.length > 1 ? 's' : ''}`
    raise('TypeError', `do_replace() missing ${count}: ${missing.join(' and ')}`)
  }
  return replaceText(str(value), str(from), str(to), isGiven(count) ? integerArgument(count) : -1)
}

/** Lines are a matter of strings; Python refuses everything else here, an undefined value first of all. */
function textOfLines(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Undefined) value.fail()
  if (value instanceof HostObject) return value.str()
  return raise('AttributeError', `'${typeName(value)}' object has no attribute 'splitlines'`, {
    sentence: `A value of type ${typeName(value)} has no lines.`,
    hint: 'make text of it first: "| string"',
  })
}

function indent(value: unknown, width: unknown, first: unknown, blank: unknown): string {
  const indention = typeof width === 'string' ? width : ' '.repeat(Math.max(0, integerArgument(width ?? 4)))
  const lines = splitLines(`${textOfLines(value)}\n`)
  const indented = lines.map((line, index) => (index > 0 && (line !== '' || truthy(blank)) ? indention + line : line))
  return (truthy(first) ? indention : '') + indented.join('\n')
}

function join(value: unknown, separator: unknown, attribute: unknown): string {
  const items = isGiven(attribute) ? iterate(value).map(attributeGetter(attribute)) : iterate(value)
  return items.map(str).join(separator === undefined ? '' : str(separator))
}

function truncate(value: unknown, length: unknown, killWords: unknown, end: unknown, leeway: unknown): string {
  const text = str(value)
  const longest = integerArgument(length ?? 255)
  const ending = end === undefined ? '...' : str(end)
  if (longest < ending.length) raise('AssertionError', `expected length >= ${ending.length}, got ${longest}`)
  if (text.length <= longest + integerArgument(leeway ?? 5)) return text
  const cut = text.slice(0, longest - ending.length)
  if (truthy(killWords)) return cut + ending
  const space = cut.lastIndexOf(' ')
  return (space < 0 ? cut : cut.slice(0, space)) + ending
}

function wordWrap(
  value: unknown,
  width: unknown,
  breakLong: unknown,
  wrapString: unknown,
  breakHyphens: unknown,
): string {
  const newline = isGiven(wrapString) ? str(wrapString) : '\n'
  const options = {
    width: integerArgument(width ?? 79),
    breaksLongWords: breakLong === undefined || truthy(breakLong),
    breaksOnHyphens: breakHyphens === undefined || truthy(breakHyphens),
  }
  if (options.width <= 0) raise('ValueError', `invalid width ${options.width} (must be > 0)`)
  return splitLines(textOfLines(value))
    .map((line) => wrapText(line, options).join(newline))
    .join(newline)
}
