import { didYouMean } from '../../diagnostics/suggest.ts'
import { positionAt } from '../../text/source-file.ts'
import { FILTERS } from '../builtins/filters/index.ts'
import { Namespace } from '../builtins/namespace.ts'
import { TESTS } from '../builtins/tests.ts'
import { raise } from '../errors.ts'
import { getAttribute, getItem, slice } from '../values/access.ts'
import { add, divide, floorDivide, modulo, multiply, negate, positive, power, subtract } from '../values/arithmetic.ts'
import { atLeast, atMost, equals, greaterThan, isIn, lessThan } from '../values/compare.ts'
import { Dict } from '../values/dict.ts'
import { float } from '../values/float.ts'
import { type Arguments, HostObject, type KeywordArguments, NO_KEYWORDS } from '../values/host-object.ts'
import { iterate, mappingEntries, tryIterate, unpack } from '../values/iterate.ts'
import { findMethod } from '../values/methods/index.ts'
import { str } from '../values/text.ts'
import { truthy } from '../values/truth.ts'
import { Tuple } from '../values/tuple.ts'
import { typeName } from '../values/types.ts'
import { Undefined } from '../values/undefined.ts'
import { Call, type Frame } from './frame.ts'
import { locate } from './located-error.ts'
import { Loop } from './loop.ts'
import { Macro, MacroReturn, type MacroShape, MISSING } from './macro.ts'
import { Output } from './output.ts'

/**
 * Everything that generated code may use, under the name `R`. Arguments are positional, many as they are: that is the
 * shortest code, and only the compiler writes it. The last one of most is the place, already noted by the caller.
 */
export const RUNTIME = Object.freeze({
  add,
  subtract,
  multiply,
  divide,
  floorDivide,
  modulo,
  power,
  negate,
  positive,
  equals,
  lessThan,
  greaterThan,
  atMost,
  atLeast,
  isIn,
  truthy,
  concat: (parts: readonly unknown[]) => parts.map(str).join(''),
  float,
  tuple: (items: readonly unknown[]) => new Tuple(items),
  dict: (flat: readonly unknown[]) => dictOf(flat),
  getAttribute,
  getItem,
  slice,
  iterate,
  unpack,
  call,
  callMethod,
  known,
  now,
  later,
  filter,
  test,
  keywords,
  withKeywords,
  NO_KEYWORDS,
  macro,
  returned,
  finish,
  notProvided: (name: string) =>
    new Undefined(`parameter '${name}' was not provided`, { sentence: `The parameter "${name}" was not given.` }),
  orUndefined: (value: unknown, name: string) =>
    value === MISSING ? new Undefined(`'${name}' is undefined`, { sentence: `"${name}" is not defined.` }) : value,
  noElse,
  spread,
  setNamespace,
  locate,
  Output,
  Loop,
  MacroReturn,
  MISSING,
})

/** Calls a value. What it gives still has to go through `now` or `later`. */
function call(frame: Frame, callee: unknown, args: Arguments, kwargs: KeywordArguments, position: number): unknown {
  if (callee instanceof HostObject && callee.call) return callee.call(args, kwargs, new Call(frame, position))
  if (callee instanceof Undefined) callee.fail()
  return raise('TypeError', `'${typeName(callee)}' object is not callable`, {
    sentence: `A value of type ${typeName(callee)} cannot be called.`,
  })
}

/** Calls a method. Those of strings, lists and dicts are called without being made into values. */
function callMethod(
  frame: Frame,
  target: unknown,
  name: string,
  args: Arguments,
  kwargs: KeywordArguments,
  position: number,
): unknown {
  const method = target instanceof HostObject ? undefined : findMethod(target, name)
  if (method) return method.call(target, args, kwargs)
  return call(frame, getAttribute(target, name), args, kwargs, position)
}

/** The target of a method: an undefined one fails before the arguments are looked at, as in Jinja. */
function known(target: unknown): unknown {
  if (target instanceof Undefined) target.fail()
  return target
}

/** The answer of a call in a synchronous render; nothing is None. */
function now(answer: unknown): unknown {
  if (!(answer instanceof Promise)) return answer === undefined ? null : answer
  // The refusal below is the answer; how the promise ends no longer matters.
  answer.catch(() => undefined)
  return raise(
    'TemplateRuntimeError',
    'This call has to wait for an answer, which is not possible while a project is read.',
  )
}

/** The answer of a call in an asynchronous render, to be awaited; nothing is None. */
function later(answer: unknown): unknown {
  if (answer instanceof Promise) return answer.then((value) => (value === undefined ? null : value))
  return answer === undefined ? null : answer
}

function filter(name: string, value: unknown, args: Arguments, kwargs: KeywordArguments): unknown {
  const run = FILTERS.get(name) ?? unknownName('filter', name, FILTERS.keys())
  return run(value, args, kwargs)
}

function test(name: string, value: unknown, args: Arguments, kwargs: KeywordArguments): boolean {
  const run = TESTS.get(name) ?? unknownName('test', name, TESTS.keys())
  const takes = run.length - 1
  if (args.length + kwargs.size !== takes) {
    raise('TypeError', `The test "${name}" takes ${takes} argument${takes === 1 ? '' : 's'}.`)
  }
  return run(value, ...args, ...kwargs.values())
}

function unknownName(what: 'filter' | 'test', name: string, candidates: Iterable<string>): never {
  return raise('TemplateRuntimeError', `No ${what} named '${name}' found.`, {
    sentence: `There is no ${what} named "${name}".`,
    hint: didYouMean(name, candidates),
  })
}

function keywords(...pairs: readonly unknown[]): Map<string, unknown> {
  const map = new Map<string, unknown>()
  // The compiler writes a name before each value.
  for (let index = 0; index < pairs.length; index += 2) map.set(pairs[index] as string, pairs[index + 1])
  return map
}

/** `f(*values)` */
function spread(values: unknown): readonly unknown[] {
  return tryIterate(values) ?? raise('TypeError', `Value after * must be an iterable, not ${typeName(values)}`)
}

/** The value of `x if condition` where the condition is false. */
function noElse(frame: Frame, position: number): Undefined {
  const { file, start } = frame.places.span(position)
  const line = positionAt(file, start).line
  return new Undefined(`the inline if-expression on line ${line} evaluated to false and no else section was defined.`, {
    sentence: 'The condition of this "if" is false and there is no "else".',
  })
}

/** `f(a=1, **more)` */
function withKeywords(given: KeywordArguments, more: unknown): KeywordArguments {
  if (more instanceof Undefined) more.fail()
  const entries =
    mappingEntries(more) ?? raise('TypeError', `argument after ** must be a mapping, not ${typeName(more)}`)
  const all = new Map(given)
  for (const [key, value] of entries) {
    if (typeof key !== 'string') raise('TypeError', 'keywords must be strings')
    // The line before left only strings.
    const name = key as string
    if (all.has(name)) raise('TypeError', `got multiple values for keyword argument '${name}'`)
    all.set(name, value)
  }
  return all
}

function dictOf(flat: readonly unknown[]): Dict {
  const dict = new Dict()
  for (let index = 0; index < flat.length; index += 2) dict.set(flat[index], flat[index + 1])
  return dict
}

function macro(frame: Frame, shape: MacroShape): Macro {
  return new Macro(shape, frame.places)
}

/** The value of a `return()`, with a note of where its text came from. */
function returned(frame: Frame, value: unknown, position: number): unknown {
  if (typeof value === 'string') frame.recording.rememberReturned(value, frame, position)
  return value
}

/** The text of an output that is complete. */
function finish(frame: Frame, output: Output): string {
  return frame.recording.remember(output)
}

function setNamespace(target: unknown, name: string, value: unknown): void {
  if (!(target instanceof Namespace)) {
    raise('TemplateRuntimeError', 'cannot assign attribute on non-namespace object', {
      sentence: 'Only attributes of a namespace can be set.',
      hint: 'make one with {% set ns = namespace() %}',
    })
  }
  // The check above left only namespaces.
  ;(target as Namespace).set(name, value)
}
