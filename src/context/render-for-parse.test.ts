import { expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { parseTemplate } from '../template/index.ts'
import { PLAIN_CONFIG, subject, type TemplateProjectInput, templateProject } from '../test/template-project.ts'
import { describePlace, span } from '../text/source-file.ts'
import { captureGenericTest, renderForParse } from './render-for-parse.ts'

function capture(text: string, input: TemplateProjectInput = {}) {
  const file = { path: 'models/orders.sql', text }
  return renderForParse(templateProject(input), subject('orders', { file }), parseTemplate(file))
}

function render(text: string, input: TemplateProjectInput = {}): string {
  return capture(text, input).rendered
}

/** Code, place and hint of the error that a template gives. */
function problemOf(run: () => unknown) {
  try {
    run()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const [{ code, message, place, hint, related }] = error.diagnostics as [UserError['diagnostics'][number]]
    return {
      code,
      message,
      at: place && describePlace(place),
      ...(hint === undefined ? {} : { hint }),
      ...(related?.length ? { related: related.map((each) => each.place && describePlace(each.place)) } : {}),
    }
  }
  return 'no problem'
}

test('refs and sources are taken down in order and give the relation of the node itself', () => {
  const text = `select * from {{ ref('stg_orders') }}
join {{ ref('crm', 'customers', v=2) }} using (customer_id)
join {{ source('raw', 'refunds') }} using (order_id)`
  const { refs, sources, rendered } = capture(text)
  expect(refs).toMatchObject([{ name: 'stg_orders' }, { package: 'crm', name: 'customers', version: '2' }])
  expect(sources).toMatchObject([{ source: 'raw', table: 'refunds' }])
  expect(refs.map((ref) => text.slice(ref.place!.start, ref.place!.end))).toEqual([
    "ref('stg_orders')",
    "ref('crm', 'customers', v=2)",
  ])
  expect(rendered).toBe(`select * from "shop"."main"."orders"
join "shop"."main"."orders" using (customer_id)
join "shop"."main"."orders" using (order_id)`)
})

test('a ref behind execute is not reached, a ref in a comment is', () => {
  const { refs } = capture(`-- depends_on: {{ ref('rates') }}
{% if execute %}{{ ref('customers') }}{% endif %}`)
  expect(refs.map((ref) => ref.name)).toEqual(['rates'])
})

test('what macros reach belongs to the node, and the macros are known', () => {
  const macros = {
    'macros/paid.sql': `{% macro paid() %}(select * from {{ payments() }} where is_paid){% endmacro %}
{% macro payments() %}{{ return(ref('stg_payments')) }}{% endmacro %}`,
  }
  const { refs, macros: reached } = capture('select * from {{ paid() }} {{ shop.paid() }}', { macros })
  expect(refs.map((ref) => ref.name)).toEqual(['stg_payments', 'stg_payments'])
  expect(reached).toEqual(['macro.shop.paid', 'macro.shop.payments'])
})

test('config is taken down and can be read at once', () => {
  const text =
    "{{ config(materialized='table', tags=['nightly'], **{'pre-hook': 'select 1'}) }}{{ config.get('materialized') }}"
  const { config, rendered } = capture(text)
  expect(config.map(({ key, value }) => [key, value])).toEqual([
    ['materialized', 'table'],
    ['tags', ['nightly']],
    ['pre_hook', 'select 1'],
  ])
  expect(describePlace(config[0]!.place!)).toBe('models/orders.sql:1:4')
  expect(rendered).toBe('table')
})

test('config reads the other layers and has defaults', () => {
  const config = { ...PLAIN_CONFIG, meta: { owner: 'sales' } }
  const file = { path: 'models/orders.sql', text: '' }
  const read = (text: string) => {
    return renderForParse(templateProject(), subject('orders', { config }), parseTemplate({ ...file, text })).rendered
  }
  expect(read("{{ config.get('materialized') }} {{ config.get('owner') }} {{ config.meta_get('owner') }}")).toBe(
    'view sales sales',
  )
  expect(read("{{ config.get('unique_key', 'id') }} {{ config.get('unique_key') }}")).toBe('id None')
})

test('nothing asks a database', () => {
  expect(render("{{ run_query('select 1') }}")).toBe('None')
  expect(
    render("{% call statement('rows', fetch_result=true) %}select 1{% endcall %}[{{ load_result('rows') }}]"),
  ).toBe('[None]')
  expect(
    render(
      '{{ adapter.get_columns_in_relation(this) }} {{ adapter.get_relation(target.database, target.schema, "x") }}',
    ),
  ).toBe('[] None')
  expect(render('{{ execute }} {{ is_incremental() }} {{ adapter.type() }} {{ adapter.quote("a") }}')).toBe(
    'False False duckdb "a"',
  )
})

test('variables come from the project, may be templates themselves, and have defaults', () => {
  const vars = { cutoff: '2020-01-01', statuses: ['paid'], schema_of_raw: '{{ target.schema }}_raw' }
  expect(
    render("{{ var('cutoff') }} {{ var('statuses') }} {{ var('schema_of_raw') }} {{ var('x', 7) }}", { vars }),
  ).toBe("2020-01-01 ['paid'] main_raw 7")
  expect(render("{{ var.has_var('cutoff') }} {{ var.has_var('x') }}", { vars })).toBe('True False')
})

test('a variable that is not there is an error at the call', () => {
  expect(problemOf(() => capture("select 1\n  {{ var('cutof') }}", { vars: { cutoff: 1 } }))).toEqual({
    code: 'var-missing',
    message: 'There is no variable "cutof".',
    at: 'models/orders.sql:2:6',
    hint: 'did you mean "cutoff"?',
  })
})

test('environment variables can be read, secrets cannot', () => {
  const env = { REGION: 'eu', DBT_ENV_SECRET_TOKEN: 'hush' }
  expect(render("{{ env_var('REGION') }} {{ env_var('STAGE', 'dev') }}", { env })).toBe('eu dev')
  expect(problemOf(() => capture("{{ env_var('REGIO') }}", { env }))).toMatchObject({
    code: 'env-var-missing',
    hint: 'did you mean "REGION"?',
  })
  expect(problemOf(() => capture("{{ env_var('DBT_ENV_SECRET_TOKEN', 'x') }}", { env }))).toMatchObject({
    code: 'secret-in-template',
    at: 'models/orders.sql:1:4',
  })
})

test('an unknown macro is an error with the nearest name', () => {
  const macros = { 'macros/cents.sql': '{% macro cents(x) %}{{ x }}{% endmacro %}' }
  expect(problemOf(() => capture("{{ censt('x') }}", { macros }))).toEqual({
    code: 'macro-not-found',
    message: 'There is no macro or variable named "censt".',
    at: 'models/orders.sql:1:4',
    hint: 'did you mean "cents"?',
  })
  expect(problemOf(() => capture("{{ shop.censt('x') }}", { macros }))).toEqual({
    code: 'macro-not-found',
    message: 'There is no macro "censt" in the package "shop".',
    at: 'models/orders.sql:1:4',
    hint: 'did you mean "cents"?',
  })
  expect(problemOf(() => capture("{{ adapter.dispatch('cents', 'shop')('x') }}", { macros }))).toMatchObject({
    code: 'macro-not-found',
    message: 'There is no macro "cents" to dispatch to.',
  })
})

test('a raised error stands where it was raised, with the way there', () => {
  const macros = {
    'macros/check.sql': '{% macro check(x) %}\n  {{ exceptions.raise_compiler_error("No " ~ x) }}\n{% endmacro %}',
  }
  expect(problemOf(() => capture("{{ check('cake') }}", { macros }))).toEqual({
    code: 'raised',
    message: 'No cake',
    at: 'macros/check.sql:2:6',
    related: ['models/orders.sql:1:4'],
  })
})

test("an error inside a macro of ours stands at the user's call", () => {
  expect(problemOf(() => capture("{{ dbt.type_string('too', 'many') }}"))).toMatchObject({
    at: 'models/orders.sql:1:4',
  })
})

test('ref and source refuse what they do not take', () => {
  expect(problemOf(() => capture('{{ ref() }}'))).toMatchObject({ code: 'ref-invalid' })
  expect(problemOf(() => capture("{{ ref('orders', verzion=1) }}"))).toMatchObject({ code: 'ref-invalid' })
  expect(problemOf(() => capture('{{ ref(1) }}'))).toMatchObject({ code: 'ref-invalid' })
  expect(problemOf(() => capture("{{ source('raw') }}"))).toMatchObject({ code: 'source-invalid' })
})

test('a macro of the project may replace ref and still use the built-in one', () => {
  const macros = {
    'macros/ref.sql': '{% macro ref(name) %}{% do return(builtins.ref(name).include(database=false)) %}{% endmacro %}',
  }
  const { refs, rendered } = capture("select * from {{ ref('stg_orders') }}", { macros })
  expect(refs.map((ref) => ref.name)).toEqual(['stg_orders'])
  expect(rendered).toBe('select * from "main"."orders"')
})

test('log, print and warn are told, and leave no text', () => {
  const project = templateProject()
  const file = {
    path: 'models/orders.sql',
    text: "{{ log('a', info=true) }}{{ print('b') }}{{ exceptions.warn('c') }}",
  }
  expect(renderForParse(project, subject('orders', { file }), parseTemplate(file)).rendered).toBe('')
  expect(project.events).toMatchObject([
    { kind: 'log', message: 'a', level: 'info' },
    { kind: 'print', message: 'b' },
    { kind: 'diagnostic', diagnostic: { code: 'warned', severity: 'warning', message: 'c' } },
  ])
})

test('values of every kind can be made of values', () => {
  expect(render("{{ tojson({'b': [1, none], 'a': 'é'}, sort_keys=true) }}")).toBe('{"a": "\\u00e9", "b": [1, null]}')
  expect(render("{{ fromjson('{\"a\": [1, 2]}').a[1] }} {{ fromjson('{', 'broken') }}")).toBe('2 broken')
  expect(render("{{ toyaml({'a': ['x', 1], 'b': 'yes', 'c': 'x: y', 'd': none}) }}")).toBe(
    "a:\n- x\n- 1\nb: 'yes'\nc: 'x: y'\nd: null\n",
  )
  expect(render("{{ fromyaml('a: [1, 2]').a[1] }}")).toBe('2')
  expect(render('{{ set([1, 1, 2]) | length }} {{ set(1, "none") }} {{ zip([1, 2], ["a", "b"]) | list }}')).toBe(
    "2 none [(1, 'a'), (2, 'b')]",
  )
  expect(render("{{ local_md5('hi') }}")).toBe('49f68a5c8493ec2c0bf489821c21fc3b')
  expect(render("{{ diff_of_two_dicts({'SELECT': ['ann', 'bob']}, {'select': ['ANN']}) }}")).toBe("{'SELECT': ['bob']}")
})

test('what the run and the node are', () => {
  expect(render('{{ target.name }} {{ target.schema }} {{ target.path }} {{ target.get("role", "none") }}')).toBe(
    'dev main shop.duckdb none',
  )
  expect(render('{{ run_started_at }} {{ run_started_at.strftime("%d/%m/%Y") }}')).toBe(
    '2026-03-01 06:30:00.000250+00:00 01/03/2026',
  )
  expect(
    render('{{ model.name }} {{ model.resource_type }} {{ model.unique_id }} {{ this.identifier }} {{ project_name }}'),
  ).toBe('orders model model.shop.orders orders shop')
  expect(
    render("{{ flags.FULL_REFRESH }} {{ context['project_name'] }} {{ context.get('nope') }} {{ 'ref' in context }}"),
  ).toBe('False shop None True')
})

test('a generic test reaches what its arguments and its macro reach', () => {
  const project = templateProject()
  const yaml = { path: 'models/schema.yml', text: 'models: [{name: orders, data_tests: [not_null]}]' }
  const notNull = project.macros.findTest('relationships', undefined, 'shop')!
  const kwargs = {
    model: "{{ get_where_subquery(ref('orders')) }}",
    column_name: 'customer_id',
    to: "ref('customers')",
    field: 'id',
  }
  const asked = subject('relationships_orders', { resourceType: 'test', file: yaml })
  const { refs, macros, rendered } = captureGenericTest(project, asked, notNull, kwargs)
  expect(refs.map((ref) => ref.name)).toEqual(['orders', 'customers'])
  expect(macros).toContain('macro.dbt.default__test_relationships')
  expect(rendered).toContain('select customer_id as from_field')
})

test("a generic test's mistakes stand in the properties file", () => {
  const project = templateProject()
  const yaml = { path: 'models/schema.yml', text: 'models:\n  - name: orders\n    data_tests: [accepted_range]' }
  const place = span(yaml, yaml.text.indexOf('accepted_range'), yaml.text.length - 1)
  const asked = subject('accepted_range_orders', { resourceType: 'test', file: yaml })
  const range = project.macros.findTest('accepted_range', undefined, 'shop')!
  const capturing = (kwargs: Record<string, string>) => () => captureGenericTest(project, asked, range, kwargs, place)
  const model = "{{ get_where_subquery(ref('orders')) }}"
  expect(problemOf(capturing({ model, column_name: 'amount' }))).toMatchObject({
    code: 'raised',
    at: 'models/schema.yml:3:18',
  })
  expect(problemOf(capturing({ model, column_name: 'amount', maximum: '1' }))).toMatchObject({
    at: 'models/schema.yml:3:18',
  })
  expect(problemOf(capturing({ model, column_name: 'amount', min_value: "{{ vor('x') }}" }))).toMatchObject({
    code: 'macro-not-found',
    at: 'models/schema.yml:3:18',
  })
})

test.each([
  'this',
  'config',
  'target',
  'api.Relation',
  'api.Column',
  'adapter',
  'modules.re',
  "modules.re.compile('a')",
  'ref',
  'exceptions',
])('%s offers nothing of JavaScript', (object) => {
  expect(
    render(`{{ ${object}.constructor }}{{ ${object}['__proto__'] }}{{ ${object}.toString }}{{ ${object}.fields }}`),
  ).toBe('')
})

test('settings and variables are never those of JavaScript', () => {
  expect(render("{{ config.get('constructor') }} {{ var('constructor', 'none') }} {{ var.has_var('toString') }}")).toBe(
    'None none False',
  )
  expect(problemOf(() => capture("{{ env_var('constructor') }}"))).toMatchObject({ code: 'env-var-missing' })
})

test('the value of a relation per value is unknown while parsing, and nothing else has one', () => {
  const text = `{{ config(per_value={'query': 'select 1', 'name': 'x'}) }}select '{{ value.flow | upper }}'
{% for column in value.columns %}, {{ column }}{% endfor %}{{ value.total + 1 }}{{ 'late' if value.total > 3 }}`
  expect(capture(text).rendered).toBe("select ''\n")
  expect(problemOf(() => capture('{{ value.flow }}'))).toMatchObject({ code: 'macro-not-found' })
})
