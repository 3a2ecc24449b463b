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
