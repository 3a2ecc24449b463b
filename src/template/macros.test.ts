import { describe, expect, test } from 'vitest'
import {
  bindMacro,
  hostFunction,
  parseTemplate,
  readMacros,
  renderAsync,
  renderSync,
  type Scope,
  str,
} from './index.ts'

describe('readMacros', () => {
  test('names macros as dbt does', () => {
    const macros = read(`
{% macro cents(column, places=2) %}{% endmacro %}
{% test positive(model, column_name) %}{% endtest %}
{% data_test recent(model) %}{% enddata_test %}
{% materialization table, default %}{% endmaterialization %}
{% materialization table, adapter='duckdb', supported_languages=['sql'] %}{% endmaterialization %}
{% docs orders %}not a macro{% enddocs %}`)
    expect(macros.map(({ kind, name, parameters }) => [kind, name, ...parameters])).toEqual([
      ['macro', 'cents', 'column', 'places'],
      ['test', 'test_positive', 'model', 'column_name'],
      ['test', 'test_recent', 'model'],
      ['materialization', 'materialization_table_default'],
      ['materialization', 'materialization_table_duckdb', 'supported_languages'],
    ])
  })

  test('ignores the types of typed parameters', () => {
    const [macro] = read(
      '{% macro cents(column: string, places: optional[list[int]] = [2]) %}{{ places }}{% endmacro %}',
    )
    expect(macro?.parameters).toEqual(['column', 'places'])
    expect(callOf(macro!, ['a'])).toBe('[2]')
  })

  test('points into the whole file when a macro does not parse', () => {
    expect(() => read('ignored\n{% macro cents() %}{{ 1 + }}{% endmacro %}')).toThrow(
      'Expected an expression but found the end of the expression.',
    )
  })
})

describe('bindMacro', () => {
  test('gives the text of a macro, or what it returned', () => {
    expect(callOf(read('{% macro cents(a) %} {{ a }} {% endmacro %}')[0]!, [1])).toBe(' 1 ')
    expect(callOf(read("{% macro names() %}ignored{{ return(['a', 'b']) }}{% endmacro %}")[0]!)).toEqual(['a', 'b'])
    expect(callOf(read('{% macro stop() %}{% do return(none) %}{% endmacro %}')[0]!)).toBeNull()
  })

  test('returns out of loops, blocks and call bodies', () => {
    const scope = scopeOf(
      `{% macro first_large(list) %}{% for item in list %}{% set note %}{% if item > 2 %}{{ return(item) }}{% endif %}{% endset %}{% endfor %}none{% endmacro %}
       {% macro statement() %}{{ caller() }}never{% endmacro %}
       {% macro query() %}{% call statement() %}{{ return('from the body') }}{% endcall %}, after{% endmacro %}
       {% macro either(flag) %}{% set x = flag or return('early') %}{{ x }}{% endmacro %}`,
      'sync',
    )
    expect(renderSync(model('{{ first_large([1, 3, 5]) }} {{ first_large([1]) }}'), scope).text).toBe('3 none')
    // As in dbt, a return in a call body ends the macro that asked for the body.
    expect(renderSync(model('{{ query() }}'), scope).text).toBe('from the body, after')
    expect(renderSync(model("{{ either('x') }} {{ either(false) }}"), scope).text).toBe('x early')
  })

  test('looks a name up once, when it is first needed', () => {
    const asked: string[] = []
    const scope: Scope = {
      lookup: (name) => {
        asked.push(name)
        return `<${name}>`
      },
    }
    const macro = bindMacro(
      read('{% macro a() %}{{ x }}{{ x }}{% if false %}{{ y }}{% endif %}{% endmacro %}')[0]!,
      scope,
      'sync',
    )
    expect(asked).toEqual([])
    expect([macro.call([], new Map()), macro.call([], new Map())]).toEqual(['<x><x>', '<x><x>'])
    expect(asked).toEqual(['x'])
  })

  test('waits for every call in asynchronous mode, one after the other', async () => {
    const log: string[] = []
    const scope = scopeOf(
      `{% macro load(names) %}{% for name in names if run_query(name ~ '?') %}{{ run_query(name) ~ loop.index }}{% if not loop.last %},{% endif %}{% endfor %}{% endmacro %}
       {% macro twice(a, b=run_query('default')) %}{{ return({'a': run_query(a), b: [run_query(b)]}) }}{% endmacro %}`,
      'async',
      new Map([
        [
          'run_query',
          hostFunction('run_query', async ([sql]) => {
            log.push(`> ${str(sql)}`)
            await new Promise((resolve) => setImmediate(resolve))
            log.push(`< ${str(sql)}`)
            return `[${str(sql)}]`
          }),
        ],
      ]),
    )
    const { text } = await renderAsync(model("{{ load(['a', 'b']) }} {{ twice(run_query('x')) }}"), scope)
    expect(text).toBe("[a]1,[b]2 {'a': '[[x]]', '[default]': ['[[default]]']}")
    expect(log.filter((_, index) => index % 2 === 0).map((line) => line.slice(2))).toEqual(
      log.filter((_, index) => index % 2 === 1).map((line) => line.slice(2)),
    )
  })

  test('tells its name and parameters', () => {
    const scope = scopeOf('{% macro cents(a, b) %}{{ kwargs }}{% endmacro %}', 'sync')
    const text = '{{ cents.name }} {{ cents.arguments }} {{ cents.catch_kwargs }} {{ cents }}'
    expect(renderSync(model(text), scope).text).toBe("cents ('a', 'b') True <Macro 'cents'>")
  })

  test('shares compiled code between equal blocks at different places, and keeps their places apart', () => {
    const source = '{% macro cents(a) %}{{ a.b.c }}{% endmacro %}'
    const files = ['a', 'b'].map((name, index) => ({ path: `macros/${name}.sql`, text: '\n'.repeat(index) + source }))
    const [first, second] = files.map((file) => readMacros(file)[0]!)
    expect(first?.tree.root).toBe(second?.tree.root)
    const names = new Map([['cents', bindMacro(second!, { lookup: () => undefined }, 'sync')]])
    expect(() => renderSync(model('{{ cents({}) }}'), { lookup: (name) => names.get(name) })).toThrow(
      expect.objectContaining({
        diagnostics: [expect.objectContaining({ place: { file: files[1], start: 24, end: 29 } })],
      }),
    )
  })
})

function read(text: string) {
  return readMacros({ path: 'macros/money.sql', text })
}

function model(text: string) {
  return parseTemplate({ path: 'models/orders.sql', text })
}

function callOf(macro: ReturnType<typeof read>[number], args: readonly unknown[] = []): unknown {
  return bindMacro(macro, { lookup: () => undefined }, 'sync').call(args, new Map())
}

function scopeOf(macros: string, mode: 'sync' | 'async', names = new Map<string, unknown>()): Scope {
  const scope: Scope = { lookup: (name) => names.get(name) }
  for (const macro of read(macros)) names.set(macro.name, bindMacro(macro, scope, mode))
  return scope
}
