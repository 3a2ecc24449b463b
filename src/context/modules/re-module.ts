import { Dict, HostObject, hostFunction, isInteger, str, TemplateError, Tuple } from '../../template/index.ts'
import { readArguments } from '../objects/arguments.ts'
import { module } from './module.ts'
import { expandTemplate, groupOf, pythonRegex, REGEX_FLAGS } from './python-regex.ts'

/** A match: Python's `re.Match`. */
class MatchObject extends HostObject {
  readonly typeName = 'Match'
  private readonly match: RegExpExecArray

  constructor(match: RegExpExecArray) {
    super()
    this.match = match
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'group':
        return hostFunction(name, (args) => {
          if (args.length > 1) return new Tuple(args.map((group) => this.group(group)))
          return this.group(args[0] ?? 0)
        })
      case 'groups':
        return hostFunction(name, () => new Tuple(this.match.slice(1).map((group) => group ?? null)))
      case 'groupdict':
        return hostFunction(name, () => {
          return new Dict(Object.entries(this.match.groups ?? {}).map(([key, group]) => [key, group ?? null]))
        })
      case 'start':
        return hostFunction(name, () => this.match.index)
      case 'end':
        return hostFunction(name, () => this.match.index + this.match[0].length)
      case 'span':
        return hostFunction(name, () => Tuple.of(this.match.index, this.match.index + this.match[0].length))
      case 'string':
        return this.match.input
      default:
        return undefined
    }
  }

  override names(): Iterable<string> {
    return ['group', 'groups', 'groupdict', 'start', 'end', 'span', 'string']
  }

  override item(key: unknown): unknown {
    return typeof key === 'string' && !/^\d+$/.test(key) && !this.match.groups ? undefined : this.group(key)
  }

  override truthy(): boolean {
    return true
  }

  private group(key: unknown): unknown {
    return groupOf(this.match, isInteger(key) ? Number(key) : str(key)) ?? null
  }
}

/** A compiled pattern: Python's `re.Pattern`. */
class PatternObject extends HostObject {
  readonly typeName = 'Pattern'
  readonly regex: RegExp
  private readonly source: string

  constructor(source: string, flags: number) {
    super()
    this.source = source
    this.regex = compile(source, flags)
  }

  override attr(name: string): unknown {
    if (name === 'pattern') return this.source
    const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined
    if (!operation) return undefined
    return hostFunction(name, (args, kwargs) => {
      return operation.run(this.regex, ...readArguments(name, operation.parameters, args, kwargs))
    })
  }

  override names(): Iterable<string> {
    return ['pattern', ...Object.keys(OPERATIONS)]
  }
}

function compile(source: string, flags: number): RegExp {
  try {
    return pythonRegex(source, flags)
  } catch (error) {
    throw new TemplateError(`"${source}" is no regular expression.`, { type: 'error', cause: error })
  }
}

interface Operation {
  /** What follows the pattern. */
  readonly parameters: readonly string[]
  readonly run: (regex: RegExp, ...values: unknown[]) => unknown
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  search: { parameters: ['string'], run: (regex, text) => firstMatch(regex, regex.source, '', text) },
  match: { parameters: ['string'], run: (regex, text) => firstMatch(regex, regex.source, 'y', text) },
  fullmatch: {
    parameters: ['string'],
    run: (regex, text) => firstMatch(regex, `(?:${regex.source})(?![\\s\\S])`, 'y', text),
  },
  findall: {
    parameters: ['string'],
    run: (regex, text) => Array.from(subject(text).matchAll(regex), (match) => foundText(match)),
  },
  finditer: {
    parameters: ['string'],
    run: (regex, text) => Array.from(subject(text).matchAll(regex), (match) => new MatchObject(match)),
  },
  split: {
    parameters: ['string', 'maxsplit'],
    run: (regex, text, most) => split(regex, subject(text), Number(most ?? 0)),
  },
  sub: {
    parameters: ['repl', 'string', 'count'],
    run: (regex, template, text, most) => substitute(regex, str(template), subject(text), Number(most ?? 0)).text,
  },
  subn: {
    parameters: ['repl', 'string', 'count'],
    run: (regex, template, text, most) => {
      const { text: result, count } = substitute(regex, str(template), subject(text), Number(most ?? 0))
      return Tuple.of(result, count)
    },
  },
}

function subject(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TemplateError('expected string or bytes-like object', { type: 'TypeError' })
}

function firstMatch(regex: RegExp, source: string, sticky: string, text: unknown): unknown {
  const match = new RegExp(source, regex.flags.replace('g', '') + sticky).exec(subject(text))
  return match ? new MatchObject(match) : null
}

/** The whole match, or its groups where the pattern has any. */
function foundText(match: RegExpExecArray): unknown {
  if (match.length === 1) return match[0]
  const groups = match.slice(1).map((group) => group ?? '')
  return groups.length === 1 ? groups[0] : new Tuple(groups)
}

function split(regex: RegExp, text: string, most: number): unknown[] {
  const parts: unknown[] = []
  let from = 0
  for (const match of text.matchAll(regex)) {
    if (most > 0 && parts.length >= most * match.length) break
    parts.push(text.slice(from, match.index), ...match.slice(1).map((group) => group ?? null))
    from = match.index + match[0].length
  }
  return [...parts, text.slice(from)]
}

function substitute(
  regex: RegExp,
  template: string,
  text: string,
  most: number,
): { readonly text: string; readonly count: number } {
  let result = ''
  let from = 0
  let count = 0
  for (const match of text.matchAll(regex)) {
    if (most > 0 && count >= most) break
    result += text.slice(from, match.index) + expandTemplate(template, match)
    from = match.index + match[0].length
    count++
  }
  return { text: result + text.slice(from), count }
}

/** `modules.re`. */
export const reModule = module('re', [
  ...Object.entries(REGEX_FLAGS),
  ['I', REGEX_FLAGS.IGNORECASE],
  ['M', REGEX_FLAGS.MULTILINE],
  ['S', REGEX_FLAGS.DOTALL],
  ['X', REGEX_FLAGS.VERBOSE],
  [
    'compile',
    hostFunction('compile', (args, kwargs) => {
      const [pattern, flags] = readArguments('compile', ['pattern', 'flags'], args, kwargs)
      return patternOf(pattern, flags)
    }),
  ],
  [
    'escape',
    hostFunction('escape', (args) =>
      str(args[0]).replace(/[\s!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]/g, (character) => {
        return /["%',/:;<=>@`!]/.test(character) ? character : `\\${character}`
      }),
    ),
  ],
  ...Object.entries(OPERATIONS).map(
    ([name, { parameters, run }]) => [name, moduleFunction(name, parameters, run)] as const,
  ),
])

function moduleFunction(name: string, parameters: readonly string[], run: Operation['run']): unknown {
  return hostFunction(name, (args, kwargs) => {
    const all = ['pattern', ...parameters, 'flags']
    const values = readArguments(name, all, args, kwargs)
    return run(patternOf(values[0], values.at(-1)).regex, ...values.slice(1, -1))
  })
}

function patternOf(pattern: unknown, flags: unknown): PatternObject {
  return pattern instanceof PatternObject ? pattern : new PatternObject(str(pattern), Number(flags ?? 0))
}
