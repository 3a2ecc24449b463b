import { describe, expect, test } from 'vitest'
import { problemsOf, warningsOf } from '../test/load-files.ts'

const ORDERS = 'select 1 as id\n'
const SHOP_ON_DUCKDB = 'shop:\n  target: dev\n  outputs:\n    dev: { type: duckdb, path: shop.duckdb }\n'

describe('names that nothing has', () => {
  test('a ref is told the nearest name and its file', async () => {
    const files = { 'models/stg_orders.sql': ORDERS, 'models/orders.sql': "select *\nfrom {{ ref('stg_order') }}\n" }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[ref-not-found] models/orders.sql:2:13
        There is no model, seed or snapshot named "stg_order".

        1 | select *
        2 | from {{ ref('stg_order') }}
          |             ~~~~~~~~~~~
        hint: did you mean "stg_orders" (models/stg_orders.sql)?
      "
    `)
  })

  test('a ref into a package that is not there', async () => {
    const files = { 'models/stg.sql': ORDERS, 'models/orders.sql': "select *\nfrom {{ ref('shopp', 'stg') }}\n" }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[package-not-found] models/orders.sql:2:13
        There is no package "shopp".

        1 | select *
        2 | from {{ ref('shopp', 'stg') }}
          |             ~~~~~~~
        hint: did you mean "shop"?
      "
    `)
  })

  test('a ref with a version', async () => {
    const files = { 'models/stg.sql': ORDERS, 'models/orders.sql': "select *\nfrom {{ ref('stg', v=2) }}\n" }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[ref-version-not-found] models/orders.sql:2:9
        There is no version 2 of "stg": models have no versions here.

        1 | select *
        2 | from {{ ref('stg', v=2) }}
          |         ~~~~~~~~~~~~~~~
        hint: write ref('stg')
      "
    `)
  })

  test('a ref to a disabled node is told where it is disabled', async () => {
    const files = {
      'models/stg_orders.sql': `{{ config(enabled=false) }}\n${ORDERS}`,
      'models/orders.sql': "select *\nfrom {{ ref('stg_orders') }}\n",
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[ref-disabled] models/orders.sql:2:13
        "stg_orders" is disabled, so nothing can refer to it.

        1 | select *
        2 | from {{ ref('stg_orders') }}
          |             ~~~~~~~~~~~~
        models/stg_orders.sql:1:19 is where "stg_orders" is disabled
      "
    `)
  })

  test('a ref in a hook of a model, and one in a hook of the project', async () => {
    const files = {
      'project.yml': `name: shop\non-run-start: "insert into {{ ref('logg') }}"\n`,
      'models/orders.sql': `{{ config(post_hook="insert into log select {{ ref('logs') }}") }} select 1`,
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[ref-not-found] models/orders.sql:1:48
        There is no model, seed or snapshot named "logs".

        1 | {{ config(post_hook="insert into log select {{ ref('logs') }}") }} select 1
          |                                                ~~~~~~~~~~~

      error[ref-not-found] project.yml:2:35
        There is no model, seed or snapshot named "logg".

        1 | name: shop
        2 | on-run-start: "insert into {{ ref('logg') }}"
          |                                   ~~~~~~
      "
    `)
  })

  test('a ref in the argument of a data test', async () => {
    const files = {
      'models/orders.sql': ORDERS,
      'models/orders.yml': `models:
  - name: orders
    columns:
      - name: customer
        data_tests:
          - relationships: { arguments: { to: ref('customer'), field: id } }
`,
      'seeds/customers.csv': 'id\n1\n',
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[ref-not-found] models/orders.yml:6:13
        There is no model, seed or snapshot named "customer".

        5 |         data_tests:
        6 |           - relationships: { arguments: { to: ref('customer'), field: id } }
          |             ~~~~~~~~~~~~~
        hint: did you mean "customers" (seeds/customers.csv)?
      "
    `)
  })

  test('a source', async () => {
    const files = {
      'models/sources.yml': 'sources:\n  - name: crm\n    tables:\n      - name: customers\n',
      'models/orders.sql': "select *\nfrom {{ source('crm', 'costumers') }}\n",
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[source-not-found] models/orders.sql:2:16
        There is no source "crm.costumers".

        1 | select *
        2 | from {{ source('crm', 'costumers') }}
          |                ~~~~~~~~~~~~~~~~~~
        hint: did you mean source('crm', 'customers')?
      "
    `)
  })

  test('a macro', async () => {
    const files = {
      'macros/money.sql': '{% macro cents(x) %}{{ x }} * 100{% endmacro %}\n',
      'models/orders.sql': "select {{ cent('amount') }}\n",
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[macro-not-found] models/orders.sql:1:11
        There is no macro or variable named "cent".

        1 | select {{ cent('amount') }}
          |           ~~~~~~~~~~~~~~
        hint: did you mean "cents"?
      "
    `)
  })

  test('a variable', async () => {
    const files = {
      'project.yml': 'name: shop\nvars: { as_of: 1 }\n',
      'models/orders.sql': "select {{ var('as_off') }}\n",
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[var-missing] models/orders.sql:1:11
        There is no variable "as_off".

        1 | select {{ var('as_off') }}
          |           ~~~~~~~~~~~~~
        hint: did you mean "as_of"?
      "
    `)
  })

  test('data tests', async () => {
    const files = {
      'models/orders.sql': ORDERS,
      'models/orders.yml': `models:
  - name: orders
    columns:
      - name: id
        data_tests: [uniqe, accepted_value: { arguments: { values: [1] } }]
`,
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[test-not-found] models/orders.yml:5:22
        There is no data test "uniqe".

        4 |       - name: id
        5 |         data_tests: [uniqe, accepted_value: { arguments: { values: [1] } }]
          |                      ~~~~~
        hint: did you mean "unique"?

      error[test-not-found] models/orders.yml:5:29
        There is no data test "accepted_value".

        4 |       - name: id
        5 |         data_tests: [uniqe, accepted_value: { arguments: { values: [1] } }]
          |                             ~~~~~~~~~~~~~~
        hint: did you mean "accepted_values"?
      "
    `)
  })

  test('a docs block', async () => {
    const files = {
      'models/orders.sql': ORDERS,
      'models/orders.yml': `models:\n  - name: orders\n    description: "{{ doc('order') }}"\n`,
      'models/orders.md': '{% docs orders %}One row an order.{% enddocs %}',
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[doc-not-found] models/orders.yml:3:22
        There is no docs block "order".

        2 |   - name: orders
        3 |     description: "{{ doc('order') }}"
          |                      ~~~~~~~~~~~~
        hint: did you mean "orders"?
      "
    `)
  })

  test('a materialization', async () => {
    const files = { 'models/orders.sql': `{{ config(materialized='tabel') }}\n${ORDERS}` }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[materialization-not-found] models/orders.sql:1:24   (model orders)
        There is no materialization "tabel".

        1 | {{ config(materialized='tabel') }}
          |                        ~~~~~~~
        hint: did you mean "table"?
      "
    `)
  })

  test('settings, in the project file and in a model', async () => {
    const files = {
      'project.yml': 'name: shop\nmodels:\n  shop:\n    +matrialized: view\n',
      'models/orders.sql': `{{ config(materialised='table', owner='ana') }}\n${ORDERS}`,
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[config-key-unknown] project.yml:4:5
        There is no config "matrialized".

        3 |   shop:
        4 |     +matrialized: view
          |     ~~~~~~~~~~~~
        hint: did you mean "materialized"?

      error[config-key-unknown] models/orders.sql:1:11
        There is no config "materialised".

        1 | {{ config(materialised='table', owner='ana') }}
          |           ~~~~~~~~~~~~
        hint: did you mean "materialized"?

      error[config-key-unknown] models/orders.sql:1:33
        There is no config "owner".

        1 | {{ config(materialised='table', owner='ana') }}
          |                                 ~~~~~
        hint: put settings of your own under "meta": { owner: … }
      "
    `)
  })

  test('keys of a properties file, and values that a setting cannot have', async () => {
    const files = {
      'models/orders.sql': ORDERS,
      'models/orders.yml': `models:
  - name: orders
    colums: []
    config: { materialized: table, on_schema_change: apend }
  - nam: customers
`,
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[unknown-key] models/orders.yml:3:5
        There is no key "colums" in a model.

        2 |   - name: orders
        3 |     colums: []
          |     ~~~~~~
        hint: did you mean "columns"?

      error[unknown-key] models/orders.yml:5:5
        There is no key "nam" in a model.

        4 |     config: { materialized: table, on_schema_change: apend }
        5 |   - nam: customers
          |     ~~~
        hint: did you mean "name"?

      error[wrong-value] models/orders.yml:4:54
        "on_schema_change" must be one of ignore, append_new_columns, sync_all_columns, fail, not "apend".

        3 |     colums: []
        4 |     config: { materialized: table, on_schema_change: apend }
          |                                                      ~~~~~
      "
    `)
  })
})

describe('nodes that cannot stand together', () => {
  test('a cycle shows every ref that makes it', async () => {
    const files = {
      'models/orders.sql': "select * from {{ ref('customers') }}",
      'models/customers.sql': "select *\nfrom {{ ref('payments') }}",
      'models/payments.sql': "select * from {{ ref('orders') }}",
      'models/report.sql': "select * from {{ ref('orders') }}",
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[cycle] models/customers.sql:2:9
        These nodes depend on each other: "customers" → "payments" → "orders" → "customers".

        1 | select *
        2 | from {{ ref('payments') }}
          |         ~~~~~~~~~~~~~~~
        models/customers.sql:2:9 "customers" refers to "payments"
        models/payments.sql:1:18 "payments" refers to "orders"
        models/orders.sql:1:18 "orders" refers to "customers"
      "
    `)
  })

  test('a model that refers to itself', async () => {
    const files = { 'models/orders.sql': "select * from {{ ref('orders') }}" }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[cycle] models/orders.sql:1:18
        The model "orders" refers to itself.

        1 | select * from {{ ref('orders') }}
          |                  ~~~~~~~~~~~~~
        hint: use {{ this }} for what the model was before
      "
    `)
  })

  test('two models and a seed of one name', async () => {
    const files = {
      'models/orders.sql': 'select 1',
      'models/old/orders.sql': 'select 2',
      'seeds/orders.csv': 'id,amount\n1,10\n',
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[name-duplicate] models/orders.sql:1:1
        There is another model named "orders".

        1 | select 1
          | ~~~~~~~~
        models/old/orders.sql:1:1 is the first
        hint: rename one of them

      error[name-duplicate] seeds/orders.csv:1:1
        There is a seed named "orders", and also a model named "orders".

        1 | id,amount
          | ~~~~~~~~~
        models/old/orders.sql:1:1 is the first
        hint: rename one of them
      "
    `)
  })

  test('two macros of one name', async () => {
    const files = {
      'macros/money.sql': '{% macro cents(x) %}{% endmacro %}',
      'macros/units.sql': '{% macro cents(x) %}{% endmacro %}',
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[macro-duplicate] macros/units.sql:1:1
        There is another macro named "cents".

        1 | {% macro cents(x) %}{% endmacro %}
          | ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
        macros/money.sql:1:1 is the first
        hint: rename one of them
      "
    `)
  })

  test('two sources of one name', async () => {
    const source = 'sources:\n  - name: crm\n    tables: [{ name: people }]\n'
    expect(await problemsOf({ 'models/a.yml': source, 'models/b.yml': source })).toMatchInlineSnapshot(`
      "
      error[source-duplicate] models/b.yml:3:22
        There is another source "crm.people".

        2 |   - name: crm
        3 |     tables: [{ name: people }]
          |                      ~~~~~~
        models/a.yml:3:22 is the first
        hint: rename one of them
      "
    `)
  })

  test('a model that is described twice', async () => {
    const properties = 'models:\n  - name: orders\n'
    const files = { 'models/orders.sql': ORDERS, 'models/a.yml': properties, 'models/b.yml': properties }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[properties-duplicate] models/b.yml:2:11
        The model "orders" is described twice.

        1 | models:
        2 |   - name: orders
          |           ~~~~~~
        models/a.yml:2:11 is the first description; keep one
      "
    `)
  })

  test('a data test that is declared twice', async () => {
    const files = {
      'models/orders.sql': ORDERS,
      'models/orders.yml': 'models:\n  - name: orders\n    columns: [{ name: id, data_tests: [unique, unique] }]\n',
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[test-duplicate] models/orders.yml:3:48
        There is another data test named "unique_orders_id".

        2 |   - name: orders
        3 |     columns: [{ name: id, data_tests: [unique, unique] }]
          |                                                ~~~~~~
        models/orders.yml:3:40 is the first
        hint: remove one, or give it a "name" of its own
      "
    `)
  })

  test('two nodes on one relation, whatever their case', async () => {
    const files = {
      'models/orders.sql': ORDERS,
      'models/all_orders.sql': `{{ config(alias='Orders') }}\n${ORDERS}`,
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[relation-duplicate] models/orders.sql:1:1
        The model "orders" and the model "all_orders" would both be the relation main.orders.

        1 | select 1 as id
          | ~~~~~~~~~~~~~~
        models/all_orders.sql:1:17 is "all_orders"
        hint: give one of them another "alias" or "schema"
      "
    `)
  })

  test('a view over files, for an engine that cannot read them', async () => {
    const files = {
      'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: { type: postgres, dbname: shop, schema: main }\n',
      'models/sources.yml':
        'sources:\n  - name: crm\n    tables:\n      - { name: people, external: { location: people.csv } }\n',
      'models/stg_people.sql': "{{ config(materialized='ephemeral') }}select * from {{ source('crm', 'people') }}\n",
      'models/people.sql': "select * from {{ ref('stg_people') }}\n",
      'models/adults.sql': "{{ config(materialized='view') }}\nselect * from {{ source('crm', 'people') }}\n",
      'models/names.sql': "{{ config(materialized='table') }}\nselect * from {{ source('crm', 'people') }}\n",
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[view-over-files] models/adults.sql:1:24
        The view "adults" would read the files of "crm.people", which this engine cannot read by itself.

        1 | {{ config(materialized='view') }}
          |                        ~~~~~~
        models/sources.yml:4:17 is where "crm.people" is defined
        hint: set "materialized" to table, incremental or ephemeral: files are loaded for the length of a run

      error[view-over-files] models/people.sql:1:1
        The view "people" would read the files of "crm.people", which this engine cannot read by itself.

        1 | select * from {{ ref('stg_people') }}
          | ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
        models/sources.yml:4:17 is where "crm.people" is defined
        hint: set "materialized" to table, incremental or ephemeral: files are loaded for the length of a run
      "
    `)
    expect(await problemsOf({ ...files, 'profiles.yml': SHOP_ON_DUCKDB })).toBe('no problems')
  })

  test('a ref to a model with one relation for each value', async () => {
    const files = {
      'models/flows.sql': `{{ config(materialized='table', per_value={'query': 'select 1 as flow', 'name': 'flow_{{ value.flow }}'}) }}
select 1`,
      'models/report.sql': "select * from {{ ref('flows') }}",
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[ref-per-value] models/report.sql:1:18
        "flows" has one relation for each value, so there is no single one that a ref could stand for.

        1 | select * from {{ ref('flows') }}
          |                  ~~~~~~~~~~~~
        models/flows.sql:1:43 is where "flows" says so
        hint: refer to the model that it reads; a test of its relations is declared on it in a properties file
      "
    `)
  })

  test('a model per value that is incremental, and one that does not say how its relations are called', async () => {
    const files = {
      'models/flows.sql':
        "{{ config(materialized='incremental', per_value={'query': 'select 1 as x', 'name': '{{ value.x }}'}) }} select 1",
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[per-value-materialization] models/flows.sql:1:24
        The model "flows" has a relation per value, so it must be a table or a view, not incremental.

        1 | {{ config(materialized='incremental', per_value={'query': 'select 1 as x', 'name': '{{ value.x }}'}) }} select 1
          |                        ~~~~~~~~~~~~~
      "
    `)
    const nameless = { 'models/flows.sql': "{{ config(per_value={'query': 'select 1 as x'}) }} select 1" }
    expect(await problemsOf(nameless)).toMatchInlineSnapshot(`
      "
      error[key-missing] models/flows.sql:1:21
        The key "name" is missing in per_value.

        1 | {{ config(per_value={'query': 'select 1 as x'}) }} select 1
          |                     ~~~~~~~~~~~~~~~~~~~~~~~~~~
      "
    `)
  })

  test('a snapshot without what its strategy needs', async () => {
    const files = {
      'snapshots/orders.sql': "{% snapshot history %}{{ config(strategy='check') }} select 1 as id{% endsnapshot %}",
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[snapshot-config] snapshots/orders.sql:1:42
        The snapshot "history" needs the config "unique_key".

        1 | {% snapshot history %}{{ config(strategy='check') }} select 1 as id{% endsnapshot %}
          |                                          ~~~~~~~
        hint: it is the column that tells rows apart

      error[snapshot-config] snapshots/orders.sql:1:42
        The snapshot "history" needs the config "check_cols".

        1 | {% snapshot history %}{{ config(strategy='check') }} select 1 as id{% endsnapshot %}
          |                                          ~~~~~~~
        hint: it is all, or the columns whose change makes a new version
      "
    `)
  })
})

describe('texts that cannot be read', () => {
  test('a template', async () => {
    const files = { 'models/orders.sql': 'select\n  {% if var("x", 1) %} 1\n' }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[template-syntax] models/orders.sql:2:3
        "if" is never closed: the file ends while looking for "endif".

        1 | select
        2 |   {% if var("x", 1) %} 1
          |   ~~~~~~~~~~~~~~~~~~~~
        hint: add "{% endif %}" where the block ends
      "
    `)
  })

  test('YAML, all problems of all files', async () => {
    const files = {
      'models/a.yml': 'models:\n  - name: orders\n\tcolumns: []\n',
      'models/b.yml': 'models:\n  - name: orders\n    name: orders\n    description: a: b\n',
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[yaml-syntax] models/a.yml:3:1
        A tab indents this line.

        2 |   - name: orders
        3 |  columns: []
          | ~
        hint: indent YAML with spaces

      error[yaml-syntax] models/b.yml:3:5
        The key "name" is there twice.

        2 |   - name: orders
        3 |     name: orders
          |     ~~~~
        hint: keep one of them

      error[yaml-syntax] models/b.yml:4:18
        This looks like a key inside a value of one line.

        3 |     name: orders
        4 |     description: a: b
          |                  ~
        hint: put a value that holds ": " in quotes, or a nested key on a line of its own
      "
    `)
  })

  test('a test that is no test', async () => {
    const files = {
      'models/orders.sql': ORDERS,
      'models/orders.yml': `models:
  - name: orders
    data_tests:
      - [unique]
      - at_least: { arguments: { model: orders } }
      - not null
`,
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[test-malformed] models/orders.yml:4:9
        This is not a data test.

        3 |     data_tests:
        4 |       - [unique]
          |         ~~~~~~~~
        hint: write the name of a test, or { name: { arguments: { … }, config: { … } } }

      error[test-malformed] models/orders.yml:5:34
        A test cannot have an argument "model": it is given by where the test stands.

        4 |       - [unique]
        5 |       - at_least: { arguments: { model: orders } }
          |                                  ~~~~~
        hint: rename the argument, in the test too

      error[test-malformed] models/orders.yml:6:9
        "not null" cannot be the name of a data test.

        5 |       - at_least: { arguments: { model: orders } }
        6 |       - not null
          |         ~~~~~~~~
        hint: write a name, or package.name
      "
    `)
  })

  test('files of a source whose format nothing tells', async () => {
    const files = {
      'models/sources.yml': `sources:
  - name: crm
    tables:
      - name: people
        external: { location: 'people/*.dat' }
`,
    }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[external-format-unknown] models/sources.yml:5:31
        The name of "people/*.dat" does not tell the format of the files.

        4 |       - name: people
        5 |         external: { location: 'people/*.dat' }
          |                               ~~~~~~~~~~~~~~
        hint: write external: { location: …, format: csv | json | parquet }
      "
    `)
  })

  test('a model in Python', async () => {
    expect(await problemsOf({ 'models/gold/scores.py': 'def model(dbt, session): pass\n' })).toMatchInlineSnapshot(`
      "
      error[python-model] models/gold/scores.py:1:1
        Models are SQL here, and "gold/scores.py" is Python.

        1 |
          | ~
        hint: write it as SQL, or move it out of the models
      "
    `)
  })

  test('a folder outside the project', async () => {
    const files = { 'project.yml': "name: shop\nmodel-paths: ['../models', models]\n" }
    expect(await problemsOf(files)).toMatchInlineSnapshot(`
      "
      error[path-outside-project] project.yml:2:15
        "../models" of "model-paths" is not inside the project.

        1 | name: shop
        2 | model-paths: ['../models', models]
          |               ~~~~~~~~~~~
        hint: name folders of the project, relative to it
      "
    `)
  })
})

describe('warnings', () => {
  test('properties of a model that is not there', async () => {
    const files = { 'models/orders.sql': ORDERS, 'models/orders.yml': 'models:\n  - name: ordrs\n' }
    expect(await warningsOf(files)).toMatchInlineSnapshot(`
      "
      warning[properties-without-node] models/orders.yml:2:11
        There is no model named "ordrs".

        1 | models:
        2 |   - name: ordrs
          |           ~~~~~
        hint: did you mean "orders"?
      "
    `)
  })

  test('tests that are declared on a model that is not there', async () => {
    const files = {
      'models/orders.sql': ORDERS,
      'models/orders.yml':
        'models:\n  - name: order\n    columns: [{ name: id, data_tests: [unique] }]\n    data_tests: [{ not_null: { column_name: id } }]\n',
    }
    expect(await warningsOf(files)).toMatchInlineSnapshot(`
      "
      warning[test-target-not-found] models/orders.yml:2:11
        There is no model named "order". Its 2 data tests are not run.

        1 | models:
        2 |   - name: order
          |           ~~~~~
        hint: did you mean "orders"?
      "
    `)
  })

  test('a ref that only a run would reach', async () => {
    const files = { 'models/orders.sql': "select 1 {% if execute %} from {{ ref('people') }}{% endif %}" }
    expect(await warningsOf(files)).toMatchInlineSnapshot(`
      "
      warning[ref-not-found] models/orders.sql:1:39
        There is no model, seed or snapshot named "people".

        1 | select 1 {% if execute %} from {{ ref('people') }}{% endif %}
          |                                       ~~~~~~~~
      "
    `)
  })

  test('settings of folders that are not there', async () => {
    const files = {
      'project.yml': 'name: shop\nmodels:\n  shop:\n    stagin: { +schema: x }\n    meta: { owner: ana }\n',
      'models/staging/orders.sql': ORDERS,
    }
    expect(await warningsOf(files)).toMatchInlineSnapshot(`
      "
      warning[config-path-unused] project.yml:4:5
        The settings under "models.shop.stagin" belong to nothing: there is no such folder or node.

        3 |   shop:
        4 |     stagin: { +schema: x }
          |     ~~~~~~

      warning[config-path-unused] project.yml:5:5
        The settings under "models.shop.meta" belong to nothing: there is no such folder or node.

        4 |     stagin: { +schema: x }
        5 |     meta: { owner: ana }
          |     ~~~~
        hint: to set the config of that name, write "+meta"
      "
    `)
  })
})
