import { expect, test } from 'vitest'
import { PLAIN_CONFIG, subject, templateProject } from '../test/template-project.ts'
import { relationNameFor } from './relation-names.ts'

test('by default a custom schema is put behind the schema of the target', () => {
  const project = templateProject()
  expect(relationNameFor(project, subject('orders'))).toEqual({
    database: 'shop',
    schema: 'main',
    identifier: 'orders',
  })
  const config = { ...PLAIN_CONFIG, schema: ' gold ', alias: ' fct_orders ', database: ' lake ' }
  expect(relationNameFor(project, subject('orders', { config }))).toEqual({
    database: 'lake',
    schema: 'main_gold',
    identifier: 'fct_orders',
  })
})

test("the root project's macros name the relations, also those of packages", () => {
  const macros = {
    'macros/names.sql': `{% macro generate_schema_name(custom_schema_name, node) %}
  {{ custom_schema_name or node.fqn[1] }}
{% endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ node.name | replace('stg_', '') }}{% endmacro %}`,
    'crm/names.sql': '{% macro generate_schema_name(custom_schema_name, node) %}crm_only{% endmacro %}',
  }
  const node = subject('stg_orders', { package: 'crm', fqn: ['crm', 'silver', 'stg_orders'] })
  expect(relationNameFor(templateProject({ macros }), node)).toEqual({
    database: 'shop',
    schema: 'silver',
    identifier: 'orders',
  })
})

/** Macros that say what the built-in ones say, but have to be rendered for it. */
const RENDERED = Object.fromEntries(
  ['database', 'schema', 'alias'].map((part) => [
    `macros/${part}.sql`,
    `{% macro generate_${part}_name(custom, node) %}{{ dbt.default__generate_${part}_name(custom, node) }}{% endmacro %}`,
  ]),
)

test.each([
  {},
  { schema: 'gold', alias: 'fct_orders', database: 'lake' },
  { schema: ' gold ', alias: '\u00a0fct_orders ', database: '\tlake\n' },
  { schema: '', alias: '', database: '' },
  { schema: 'g\u0085', alias: '\ufefforders', database: '\x1clake' },
])('the names that need no rendering are those that are rendered: %j', (names) => {
  const node = subject('orders', { config: { ...PLAIN_CONFIG, ...names } })
  expect(relationNameFor(templateProject(), node)).toEqual(relationNameFor(templateProject({ macros: RENDERED }), node))
})

test.each([
  [
    'an implementation for one engine',
    '{% macro duckdb__generate_schema_name(custom, node) %}lake{% endmacro %}',
    'lake',
  ],
  ['a macro that is called like what the built-in one reads', '{% macro target() %}{% endmacro %}', ''],
])('%s counts', (_, macro, schema) => {
  expect(relationNameFor(templateProject({ macros: { 'macros/names.sql': macro } }), subject('orders')).schema).toBe(
    schema,
  )
})
