import { describe, expect, test } from 'vitest'
import { problem, UserError } from '../diagnostics/errors.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import {
  bindMacro,
  type CallSite,
  Dict,
  hostFunction,
  parseTemplate,
  readMacros,
  renderAsync,
  renderSync,
  type Scope,
  TemplateError,
} from './index.ts'

const MACROS = {
  path: 'macros/money.sql',
  text: `{% macro euros(column) %}
  {{ cents(column) }} / 100
{% endmacro %}
{% macro cents(column) %}{{ column.name | upper }}{% endmacro %}
{% macro forever() %}{{ forever() }}{% endmacro %}
{% macro checked(column) %}{{ fail('No column "' ~ column ~ '" here.') }}{% endmacro %}
`,
}

describe.each(['sync', 'async'] as const)('a template that fails (%s)', (mode) => {
  test('shows the innermost place and the calls that led there', async () => {
    expect(await failure(mode, 'select\n  {{ euros(none.amount) }}')).toBe(`error[template-error] macros/money.sql:4:29
  "none" has no attribute "amount".

  3 | {% endmacro %}
  4 | {% macro cents(column) %}{{ column.name | upper }}{% endmacro %}
    |                             ~~~~~~~~~~~
  macros/money.sql:2:6 in macro cents, called from here
  models/orders.sql:2:6 in macro euros, called from here`)
  })

  test.each([
    ['{{ eurs(1) }}', '1:4 eurs(1)', '"eurs" is not defined.', 'did you mean "euros"?'],
    ['{% set total = 1 %}{{ totl.x }}', '1:23 totl.x', '"totl" is not defined.', 'did you mean "total"?'],
    [
      '{{ settings.curency.x }}',
      '1:4 settings.curency.x',
      'This value of type dict has no key "curency".',
      'did you mean "currency"?',
    ],
    ["{{ 'a'.uper() }}", "1:4 'a'.uper()", 'This value of type str has no attribute "uper".', 'did you mean "upper"?'],
    ['{{ [1][3].x }}', '1:4 [1][3].x', 'This value of type list has no item 3.', undefined],
    [
      "a {{ 'b' + 1 }}",
      "1:6 'b' + 1",
      '"+" cannot join a value of type str and one of type int.',
      'use "~", which makes text of both sides',
    ],
    ['{{ 1 - none }}', '1:4 1 - none', '"-" cannot be used between values of type int and NoneType.', undefined],
    ["{{ 1 < 'a' }}", "1:4 1 < 'a'", 'A value of type int cannot be compared with one of type str.', undefined],
    ['{{ 5() }}', '1:4 5()', 'A value of type int cannot be called.', undefined],
    ['{% for order in 5 %}{% endfor %}', '1:17 5', "'int' object is not iterable", undefined],
    ['{% set a, b = 1, 2, 3 %}', '1:8 a, b', 'too many values to unpack (expected 2)', undefined],
    [
      '{% set settings.x = 1 %}',
      '1:8 settings.x',
      'Only attributes of a namespace can be set.',
      'make one with {% set ns = namespace() %}',
    ],
    [
      '{{ settings }} {{ euros(1, 2) }}',
      '1:19 euros(1, 2)',
      'The macro "euros" takes at most 1 argument but is given 2.',
      undefined,
    ],
    [
      "{{ euros(colum='a') }}",
      "1:4 euros(colum='a')",
      'The macro "euros" has no parameter "colum".',
      'did you mean "column"?',
    ],
    [
      '{% if true %}{{ 1 | rond }}{% endif %}',
      '1:17 1 | rond',
      'There is no filter named "rond".',
      'did you mean "round"?',
    ],
    ['{% if true %}{{ 1 is odf }}{% endif %}', '1:17 1 is odf', 'There is no test named "odf".', 'did you mean "odd"?'],
    ['{{ return(1) }}', '1:4 return(1)', '"return" is only possible inside a macro.', undefined],
    ["{{ 'a' * 10 ** 9 }}", "1:4 'a' * 10 ** 9", 'The result of "*" is too long.', undefined],
    ["{{ 'a'.rjust(10 ** 10) }}", "1:4 'a'.rjust(10 ** 10)", 'The result is too large.', undefined],
    ["x\r\n{{ fail('Stop here.') }}", "2:4 fail('Stop here.')", 'Stop here.', 'go on elsewhere'],
  ])('%s', async (text, place, message, hint) => {
    const diagnostic = await diagnosticOf(mode, text)
    expect(diagnostic).toMatchObject({ code: 'template-error', severity: 'error', message })
    expect(diagnostic.hint).toBe(hint)
    expect(formatDiagnostic(diagnostic).split('\n')[0]).toBe(
      `error[template-error] models/orders.sql:${place.split(' ')[0]}`,
    )
    expect(diagnostic.place && textOf(diagnostic.place)).toBe(place.slice(place.indexOf(' ') + 1))
  })

  test('keeps the code and the place that a host function gave', async () => {
    const diagnostic = await diagnosticOf(mode, "{{ ref('orders') }}{{ find('nowhere') }}")
    expect(diagnostic).toMatchObject({ code: 'ref-not-found', message: 'There is no model named "nowhere".' })
    expect(diagnostic.place?.start).toBe(22)
  })

  test('counts macros that call themselves without end', async () => {
    const text = await failure(mode, '{{ forever() }}')
    expect(text).toContain('Macros are nested more than 400 deep: "forever" seems to call itself without end.')
    expect(text.split('in macro forever')).toHaveLength(11)
    expect(text).toContain('… 390 more calls')
  })

  test('tells a host function where it was called, and through which macros', async () => {
    const sites: CallSite[] = []
    const names = new Map([['note', hostFunction('note', (_args, _kwargs, call) => void sites.push(call))]])
    const tree = parseTemplate({
      path: 'models/orders.sql',
      text: '{% macro outer() %}{{ note(1) }}{% endmacro %}{{ outer() }}{{ note(2) }}',
    })
    await render(mode, tree, { lookup: (name) => names.get(name) })
    const shown = sites.map(({ place, macroStack }) => [
      textOf(place),
      ...macroStack.map((call) => `${call.macro} at ${textOf(call.place)}`),
    ])
    expect(shown).toEqual([['note(1)', 'outer at outer()'], ['note(2)']])
  })
})

test('mistakes of the program itself are not told as mistakes of the template', () => {
  const broken = hostFunction('broken', () => {
    throw new TypeError('x is not a function')
  })
  const tree = parseTemplate({ path: 'models/orders.sql', text: '{{ broken() }}' })
  expect(() => renderSync(tree, { lookup: (name) => (name === 'broken' ? broken : undefined) })).toThrow(TypeError)
})

test('a call that has to wait is refused in a synchronous render', () => {
  const later = hostFunction('later', () => Promise.resolve(1))
  const tree = parseTemplate({ path: 'models/orders.sql', text: '{{ later() }}' })
  expect(() => renderSync(tree, { lookup: (name) => (name === 'later' ? later : undefined) })).toThrow(
    'This call has to wait for an answer, which is not possible while a project is read.',
  )
})

function textOf({ file, start, end }: CallSite['place']): string {
  return file.text.slice(start, end)
}

async function render(mode: 'sync' | 'async', tree: ReturnType<typeof parseTemplate>, scope: Scope) {
  return mode === 'sync' ? renderSync(tree, scope) : await renderAsync(tree, scope)
}

async function failure(mode: 'sync' | 'async', text: string): Promise<string> {
  return formatDiagnostic(await diagnosticOf(mode, text))
}

async function diagnosticOf(mode: 'sync' | 'async', text: string) {
  try {
    await render(mode, parseTemplate({ path: 'models/orders.sql', text }), shopScope(mode))
  } catch (error) {
    if (error instanceof UserError && error.diagnostics.length === 1) return error.diagnostics[0]!
    throw error
  }
  throw new Error('nothing was thrown')
}

function shopScope(mode: 'sync' | 'async'): Scope {
  const names = new Map<string, unknown>([
    ['settings', new Dict([['currency', 'EUR']])],
    ['ref', hostFunction('ref', ([name]) => name)],
    ['fail', hostFunction('fail', ([message]) => fail(String(message)))],
    ['find', hostFunction('find', ([name]) => notFound(String(name)))],
  ])
  const scope: Scope = { lookup: (name) => names.get(name), names: () => names.keys() }
  for (const macro of readMacros(MACROS)) names.set(macro.name, bindMacro(macro, scope, mode))
  return scope
}

function fail(message: string): never {
  throw new TemplateError(message, { hint: 'go on elsewhere' })
}

function notFound(name: string): never {
  throw new UserError(problem('ref-not-found', `There is no model named "${name}".`))
}
