import { raise } from '../../errors.ts'
import { findAttribute, missingAttribute } from '../../values/access.ts'
import { compare, equals, sorted } from '../../values/compare.ts'
import { iterate, lengthOf, mappingEntries, tryIterate } from '../../values/iterate.ts'
import { integerArgument } from '../../values/methods/list.ts'
import { Lazy } from '../../values/sequences.ts'
import { TemplateSet } from '../../values/set.ts'
import { truthy } from '../../values/truth.ts'
import { Tuple } from '../../values/tuple.ts'
import { isUndefined, typeName } from '../../values/types.ts'
import { Undefined } from '../../values/undefined.ts'
import { attributeGetter, attributesGetter, foldCase } from './attribute.ts'
import { type FilterTable, filter, isGiven } from './filter.ts'
import { GroupTuple } from './group-tuple.ts'

const MOST_PARTS = 1_000_000

/** Filters of lists and dicts, and those that take any value. */
export const SEQUENCE_FILTERS: FilterTable = [
  ['default', filter(['default_value', 'boolean'], defaultValue)],
  ['d', filter(['default_value', 'boolean'], defaultValue)],
  ['length', filter([], lengthOf)],
  ['count', filter([], lengthOf)],
  ['list', filter([], (value) => [...iterate(value)])],
  ['first', filter([], (value) => edge(value, 0, 'first'))],
  ['last', filter([], (value) => edge(value, -1, 'last'))],
  ['random', filter([], random)],
  ['reverse', filter([], reverse)],
  ['sort', filter(['reverse', 'case_sensitive', 'attribute'], sort)],
  ['dictsort', filter(['case_sensitive', 'by', 'reverse'], dictSort)],
  ['items', filter([], items)],
  ['unique', filter(['case_sensitive', 'attribute'], unique)],
  ['min', filter(['case_sensitive', 'attribute'], (...given) => extreme(-1, ...given))],
  ['max', filter(['case_sensitive', 'attribute'], (...given) => extreme(1, ...given))],
  ['batch', filter(['linecount', 'fill_with'], batch)],
  ['slice', filter(['slices', 'fill_with'], slices)],
  ['groupby', filter(['attribute', 'default', 'case_sensitive'], groupBy)],
  ['attr', filter(['name'], attribute)],
  ['is_list', filter([], (value) => Array.isArray(value))],
  ['as_text', filter([], (value) => value)],
  ['as_bool', filter([], (value) => value)],
  ['as_native', filter([], (value) => value)],
  ['as_number', filter([], (value) => value)],
]

function defaultValue(value: unknown, fallback: unknown = '', boolean: unknown = false): unknown {
  return isUndefined(value) || (truthy(boolean) && !truthy(value)) ? fallback : value
}

function edge(value: unknown, index: number, name: string): unknown {
  const found = iterate(value).at(index)
  return found === undefined ? new Undefined(`No ${name} item, sequence was empty.`) : found
}

function random(value: unknown): unknown {
  const all = iterate(value)
  if (all.length === 0) return new Undefined('No random item, sequence was empty.')
  return all[Math.floor(Math.random() * all.length)]
}

function reverse(value: unknown): unknown {
  if (typeof value === 'string') return [...value].reverse().join('')
  const items = tryIterate(value) ?? raise('FilterArgumentError', 'argument must be iterable')
  return new Lazy(() => [...items].reverse())
}

function sort(value: unknown, isReversed: unknown, caseSensitive: unknown, attributes: unknown): unknown[] {
  return sorted(
    iterate(value),
    attributesGetter(attributes, { foldsCase: !truthy(caseSensitive) }),
    isFlagSet(isReversed),
  )
}

/** Python takes numbers for the direction of a sort, and nothing else. */
function isFlagSet(flag: unknown): boolean {
  return flag !== undefined && integerArgument(flag) !== 0
}

function dictSort(value: unknown, caseSensitive: unknown, by: unknown = 'key', isReversed: unknown = false): unknown[] {
  if (by !== 'key' && by !== 'value') raise('FilterArgumentError', 'You can only sort by either "key" or "value"')
  const index = by === 'key' ? 0 : 1
  const keyOf = (pair: readonly [unknown, unknown]) => (truthy(caseSensitive) ? pair[index] : foldCase(pair[index]))
  const pairs = entriesOf(value).map((pair) => ({ pair, key: keyOf(pair) }))
  return sorted(pairs, (entry) => (entry as (typeof pairs)[number]).key, isFlagSet(isReversed)).map(
    (entry) => new Tuple((entry as (typeof pairs)[number]).pair),
  )
}

function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (value instanceof Undefined) value.fail()
  return mappingEntries(value) ?? raise('TypeError', `'${typeName(value)}' object is not a mapping`)
}

function items(value: unknown): Lazy {
  return new Lazy(() => {
    if (isUndefined(value)) return []
    const entries = mappingEntries(value) ?? raise('TypeError', 'Can only get item pairs from a mapping.')
    return entries.map((pair) => new Tuple(pair))
  })
}

function unique(value: unknown, caseSensitive: unknown, attributeName: unknown): Lazy {
  return new Lazy(() => uniqueItems(value, caseSensitive, attributeName))
}

function uniqueItems(value: unknown, caseSensitive: unknown, attributeName: unknown): readonly unknown[] {
  const get = attributeGetter(attributeName, { foldsCase: !truthy(caseSensitive) })
  const seen = new TemplateSet()
  const kept: unknown[] = []
  for (const item of iterate(value)) {
    const key = get(item)
    if (!seen.has(key)) kept.push(item)
    seen.add(key)
  }
  return kept
}

function extreme(sign: 1 | -1, value: unknown, caseSensitive?: unknown, attributeName?: unknown): unknown {
  const all = iterate(value)
  if (all.length === 0) return new Undefined('No aggregated item, sequence was empty.')
  const get = attributeGetter(attributeName, { foldsCase: !truthy(caseSensitive) })
  const operator = sign > 0 ? '>' : '<'
  return all.reduce((best, item) => (compare(get(item), get(best), operator) * sign > 0 ? item : best))
}

/** A number of things to make: a mistake in a template shall not eat the machine. */
function countOf(value: unknown): number {
  const count = integerArgument(value)
  return count <= MOST_PARTS ? count : raise('MemoryError', `This filter makes at most ${MOST_PARTS} of them.`)
}

function batch(value: unknown, lineCount: unknown, fill: unknown): Lazy {
  return new Lazy(() => batches(value, lineCount, fill))
}

function batches(value: unknown, lineCount: unknown, fill: unknown): readonly unknown[] {
  const size = countOf(lineCount)
  const all = iterate(value)
  const lines: unknown[][] = []
  for (let from = 0; from < all.length; from += Math.max(1, size)) lines.push(all.slice(from, from + Math.max(1, size)))
  const last = lines.at(-1)
  if (last && isGiven(fill)) while (last.length < size) last.push(fill)
  return lines
}

/** So many columns, the first ones one longer where the items do not come out even. */
function slices(value: unknown, count: unknown, fill: unknown): Lazy {
  return new Lazy(() => columnsOf(value, count, fill))
}

function columnsOf(value: unknown, count: unknown, fill: unknown): readonly unknown[] {
  const all = iterate(value)
  const columns = countOf(count)
  if (columns < 1) raise('ZeroDivisionError', 'integer division or modulo by zero')
  const size = Math.floor(all.length / columns)
  const longer = all.length % columns
  const result: unknown[][] = []
  let from = 0
  for (let column = 0; column < columns; column++) {
    const to = from + size + (column < longer ? 1 : 0)
    const part = all.slice(from, to)
    if (isGiven(fill) && column >= longer) part.push(fill)
    result.push(part)
    from = to
  }
  return result
}

function groupBy(value: unknown, attributeName: unknown, fallback: unknown, caseSensitive: unknown): unknown[] {
  const options = isGiven(fallback) ? { fallback } : {}
  const keyOf = attributeGetter(attributeName, { ...options, foldsCase: !truthy(caseSensitive) })
  const nameOf = attributeGetter(attributeName, options)
  const groups: { readonly key: unknown; readonly name: unknown; readonly list: unknown[] }[] = []
  for (const item of sorted(iterate(value), keyOf)) {
    const key = keyOf(item)
    const last = groups.at(-1)
    if (last && equals(last.key, key)) last.list.push(item)
    else groups.push({ key, name: nameOf(item), list: [item] })
  }
  return groups.map((group) => new GroupTuple(group.name, group.list))
}

/** `value | attr('name')`: the attribute alone, never a key of a dict. */
function attribute(value: unknown, name: unknown): unknown {
  if (typeof name !== 'string') return raise('TypeError', `attribute name must be string, not '${typeName(name)}'`)
  if (value instanceof Undefined) value.fail()
  const found = findAttribute(value, name)
  return found === undefined ? missingAttribute(value, name) : found
}
