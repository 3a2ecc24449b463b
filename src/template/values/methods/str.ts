import { raise } from '../../errors.ts'
import { iterate, mappingEntries } from '../iterate.ts'
import { strFormat } from '../str-format.ts'
import { str } from '../text.ts'
import { truthy } from '../truth.ts'
import { Tuple } from '../tuple.ts'
import { typeName } from '../types.ts'
import { Undefined } from '../undefined.ts'
import { integerArgument } from './list.ts'
import { bare, type Given, type MethodBody, type MethodTable } from './method.ts'
import { capitalize, join, pythonSpace, replaceText, splitLines, strip, swapCase, titleCase } from './str-tools.ts'

export const STR_METHODS: MethodTable<string> = new Map<string, MethodBody<string>>([
  ['upper', bare('str', (self) => self.toUpperCase())],
  ['lower', bare('str', (self) => self.toLowerCase())],
  ['casefold', bare('str', (self) => self.toLowerCase().replaceAll('ß', 'ss'))],
  ['capitalize', bare('str', (self) => capitalize(self))],
  ['title', bare('str', (self) => titleCase(self))],
  ['swapcase', bare('str', (self) => swapCase(self))],
  ['strip', (self, given) => strip(self, charactersToStrip(given), 'both')],
  ['lstrip', (self, given) => strip(self, charactersToStrip(given), 'start')],
  ['rstrip', (self, given) => strip(self, charactersToStrip(given), 'end')],
  ['split', split],
  ['rsplit', splitFromEnd],
  ['splitlines', (self, given) => splitLines(self, truthy(given.find(0, 'keepends')))],
  ['join', (self, given) => join(self, iterate(given.required(0, 'iterable')))],
  ['replace', replace],
  ['startswith', (self, given) => hasAffix(given, (affix) => part(self, given).startsWith(affix))],
  ['endswith', (self, given) => hasAffix(given, (affix) => part(self, given).endsWith(affix))],
  ['find', (self, given) => find(self, given)],
  ['rfind', (self, given) => findLast(self, given)],
  ['index', (self, given) => found(find(self, given))],
  ['rindex', (self, given) => found(findLast(self, given))],
  ['count', count],
  ['format', (self, given) => strFormat(self, given.args, given.kwargs)],
  ['format_map', formatMap],
  ['isdigit', bare('str', (self) => /^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u.test(self))],
  ['isdecimal', bare('str', (self) => /^\p{Nd}+$/u.test(self))],
  ['isnumeric', bare('str', (self) => /^\p{N}+$/u.test(self))],
  ['isalpha', bare('str', (self) => /^\p{L}+$/u.test(self))],
  ['isalnum', bare('str', (self) => /^[\p{L}\p{N}]+$/u.test(self))],
  ['isspace', bare('str', (self) => self !== '' && [...self].every(pythonSpace))],
  ['isascii', bare('str', (self) => /^[\x00-\x7f]*$/.test(self))],
  ['isupper', bare('str', (self) => self !== self.toLowerCase() && self === self.toUpperCase())],
  ['islower', bare('str', (self) => self !== self.toUpperCase() && self === self.toLowerCase())],
  ['istitle', bare('str', (self) => self !== self.toLowerCase() && self === titleCase(self))],
  ['isidentifier', bare('str', (self) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(self))],
  ['zfill', zeroFill],
  ['ljust', (self, given) => self + padding(self, given)],
  ['rjust', (self, given) => padding(self, given) + self],
  ['center', (self, given) => center(self, integerArgument(given.required(0, 'width')), fillCharacter(given))],
  ['partition', partition],
  ['rpartition', partitionFromEnd],
  ['removeprefix', removePrefix],
  ['removesuffix', removeSuffix],
  ['expandtabs', expandTabs],
  ['encode', bare('str', (self) => self)],
])

function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Undefined) value.fail()
  return raise('TypeError', `must be str, not ${typeName(value)}`)
}

function charactersToStrip(given: Given): string | undefined {
  given.atMost(1)
  const characters = given.args[0]
  if (characters === undefined || characters === null) return undefined
  return typeof characters === 'string' ? characters : raise('TypeError', 'strip arg must be None or str')
}

function split(self: string, given: Given): string[] {
  const { separator, limit } = splitArguments(given)
  if (separator === undefined) return splitAtSpace(self, limit)
  const parts = self.split(separator)
  return parts.length <= limit + 1 ? parts : [...parts.slice(0, limit), parts.slice(limit).join(separator)]
}

function splitFromEnd(self: string, given: Given): string[] {
  const { separator, limit } = splitArguments(given)
  if (separator === undefined) {
    const reversed = splitAtSpace([...self].reverse().join(''), limit)
    return reversed.map((word) => [...word].reverse().join('')).reverse()
  }
  const parts = self.split(separator)
  if (parts.length <= limit + 1) return parts
  const cut = parts.length - limit
  return [parts.slice(0, cut).join(separator), ...parts.slice(cut)]
}

function splitArguments(given: Given): { separator: string | undefined; limit: number } {
  const separator = given.find(0, 'sep') ?? null
  const limit = integerArgument(given.find(1, 'maxsplit') ?? -1)
  if (separator === '') raise('ValueError', 'empty separator')
  return {
    separator: separator === null ? undefined : text(separator),
    limit: limit < 0 ? Number.POSITIVE_INFINITY : limit,
  }
}

function splitAtSpace(self: string, limit: number): string[] {
  const words: string[] = []
  let rest = strip(self, undefined, 'start')
  while (rest !== '') {
    const space = words.length < limit ? /[\s\x1c-\x1f\x85]+/.exec(rest) : null
    if (!space) return [...words, rest]
    words.push(rest.slice(0, space.index))
    rest = rest.slice(space.index + space[0].length)
  }
  return words
}

function replace(self: string, given: Given): string {
  const [from, to] = [text(given.required(0, 'old')), text(given.required(1, 'new'))]
  return replaceText(self, from, to, integerArgument(given.find(2, 'count') ?? -1))
}

/** The part of the string that `start` and `end` arguments leave. */
function part(self: string, given: Given): string {
  const start = given.args[1]
  const end = given.args[2]
  const to = end === undefined || end === null ? undefined : integerArgument(end)
  return self.slice(start === undefined || start === null ? 0 : integerArgument(start), to)
}

function hasAffix(given: Given, test: (affix: string) => boolean): boolean {
  const affix = given.required(0, 'prefix')
  return affix instanceof Tuple ? affix.items.some((one) => test(text(one))) : test(text(affix))
}

function find(self: string, given: Given): number {
  return offsetFound(self, given, (within, wanted) => within.indexOf(wanted))
}

function findLast(self: string, given: Given): number {
  return offsetFound(self, given, (within, wanted) => within.lastIndexOf(wanted))
}

function offsetFound(self: string, given: Given, search: (within: string, wanted: string) => number): number {
  const at = search(part(self, given), text(given.required(0, 'sub')))
  const start = given.args[1] === undefined || given.args[1] === null ? 0 : integerArgument(given.args[1])
  const offset = start < 0 ? Math.max(0, start + self.length) : start
  return at < 0 ? -1 : at + offset
}

function found(index: number): number {
  return index < 0 ? raise('ValueError', 'substring not found') : index
}

function count(self: string, given: Given): number {
  const wanted = text(given.required(0, 'sub'))
  const within = part(self, given)
  return wanted === '' ? [...within].length + 1 : within.split(wanted).length - 1
}

function formatMap(self: string, given: Given): string {
  const entries = mappingEntries(given.required(0, 'mapping')) ?? raise('TypeError', 'format_map() needs a mapping')
  return strFormat(self, [], new Map(entries.map(([key, value]) => [str(key), value])))
}

function zeroFill(self: string, given: Given): string {
  const width = integerArgument(given.required(0, 'width'))
  const sign = /^[+-]/.exec(self)?.[0] ?? ''
  return sign + self.slice(sign.length).padStart(width - sign.length, '0')
}

function fillCharacter(given: Given): string {
  const fill = text(given.args[1] ?? ' ')
  if ([...fill].length !== 1) raise('TypeError', 'The fill character must be exactly one character long')
  return fill
}

function padding(self: string, given: Given): string {
  const missing = integerArgument(given.required(0, 'width')) - [...self].length
  return fillCharacter(given).repeat(Math.max(0, missing))
}

/** CPython puts the odd blank left or right depending on both lengths. */
export function center(self: string, width: number, fill: string): string {
  const missing = width - [...self].length
  if (missing <= 0) return self
  const left = (missing >> 1) + (missing & width & 1)
  return fill.repeat(left) + self + fill.repeat(missing - left)
}

function partition(self: string, given: Given): Tuple {
  const separator = separatorOf(given)
  const at = self.indexOf(separator)
  return at < 0 ? Tuple.of(self, '', '') : cutAt(self, at, separator)
}

function partitionFromEnd(self: string, given: Given): Tuple {
  const separator = separatorOf(given)
  const at = self.lastIndexOf(separator)
  return at < 0 ? Tuple.of('', '', self) : cutAt(self, at, separator)
}

function separatorOf(given: Given): string {
  const separator = text(given.required(0, 'sep'))
  return separator === '' ? raise('ValueError', 'empty separator') : separator
}

function cutAt(self: string, at: number, separator: string): Tuple {
  return Tuple.of(self.slice(0, at), separator, self.slice(at + separator.length))
}

function removePrefix(self: string, given: Given): string {
  const prefix = text(given.required(0, 'prefix'))
  return self.startsWith(prefix) ? self.slice(prefix.length) : self
}

function removeSuffix(self: string, given: Given): string {
  const suffix = text(given.required(0, 'suffix'))
  return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self
}

function expandTabs(self: string, given: Given): string {
  const size = integerArgument(given.find(0, 'tabsize') ?? 8)
  let column = 0
  return self.replace(/[\t\n\r]|[^\t\n\r]+/g, (piece) => {
    if (piece === '\n' || piece === '\r') column = 0
    if (piece !== '\t') {
      if (piece !== '\n' && piece !== '\r') column += piece.length
      return piece
    }
    const width = size > 0 ? size - (column % size) : 0
    column += width
    return ' '.repeat(width)
  })
}
