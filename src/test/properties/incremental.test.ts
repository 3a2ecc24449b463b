import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TemporaryProject } from '../temporary-project.ts'
import { checkProperty, PROPERTY_TIMEOUT } from './check-property.ts'
import { contentsOf } from './contents.ts'
import { PROPERTY_ENGINES } from './property-engines.ts'
import { deliver, delivery, type RawOrder, SOURCE_OF_ORDERS } from './raw-orders.ts'

/**
 * However rows arrive, an incremental model ends as a full refresh from all of them would make it: the same columns with
 * the same types, and the same rows.
 */

/** Incremental models that keep the latest row of whatever is new, each in its own way. */
const MODELS = {
  // append: what was delivered twice is told by the model.
  appended: `{{ config(materialized='incremental') }}
select order_id, version, status, amount, min(loaded) as loaded
from {{ source('raw', 'raw_orders') }} as delivered
{% if is_incremental() %}
where not exists (
  select 1
  from {{ this }} as known
  where known.order_id = delivered.order_id
    and known.version = delivered.version
    and known.status is not distinct from delivered.status
    and known.amount is not distinct from delivered.amount
)
{% endif %}
group by order_id, version, status, amount`,

  // delete+insert, as a key alone means it.
  latest: `{{ config(materialized='incremental', unique_key='order_id') }} {{ latest_of_new(['order_id']) }}`,
  latest_pairs: `{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key=['is_open', 'order_id']) }}
{{ latest_of_new(['order_id', 'is_open']) }}`,

  // delete+insert of many rows of a key.
  stores: `{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='store') }}
{{ latest_of_new(['order_id'], touched='store') }}`,

  merged: `{{ config(materialized='incremental', incremental_strategy='merge', unique_key='order_id') }}
{{ latest_of_new(['order_id']) }}`,
  merged_pairs: `{{ config(materialized='incremental', incremental_strategy='merge', unique_key=['order_id', 'is_open']) }}
{{ latest_of_new(['order_id', 'is_open']) }}`,

  // merge of some columns: the first amount of an order stays, although later deltas say another.
  first_amounts: `{{ config(materialized='incremental', incremental_strategy='merge', unique_key='order_id', merge_update_columns=['status', 'loaded']) }}
{{ first_amount_and_last_status() }}`,
  kept_amounts: `{{ config(materialized='incremental', incremental_strategy='merge', unique_key='order_id', merge_exclude_columns=['first_amount']) }}
{{ first_amount_and_last_status() }}`,

  // Predicates: an order has a closed row, from the first delivery, and an open one; only open rows are replaced.
  open_rows: `{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='order_id', incremental_predicates=['DBT_INTERNAL_DEST.is_open']) }}
{{ open_and_first_closed() }}`,
  open_rows_merged: `{{ config(materialized='incremental', incremental_strategy='merge', unique_key='order_id', incremental_predicates=['DBT_INTERNAL_DEST.is_open']) }}
{{ open_and_first_closed() }}`,

  // Incremental over incremental.
  store_totals: `{{ config(materialized='incremental', unique_key='store') }}
select store, cast(sum(amount) as bigint) as amount, count(*) as orders, max(loaded) as loaded
from {{ ref('latest') }}
where store in (select store from {{ ref('latest') }} where {{ is_new() }})
group by store`,
  order_versions: `{{ config(materialized='incremental', incremental_strategy='merge', unique_key='order_id') }}
select order_id, count(*) as versions, max(loaded) as loaded
from {{ ref('appended') }}
where order_id in (select order_id from {{ ref('appended') }} where {{ is_new() }})
group by order_id`,
  versions_by_store: `{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='store') }}
select order_id % 2 as store, order_id, versions, loaded
from {{ ref('order_versions') }}
where order_id % 2 in (select order_id % 2 from {{ ref('order_versions') }} where {{ is_new() }})`,
}

const MACROS = `{% macro is_new() %}
  {% if is_incremental() %} loaded > (select coalesce(max(loaded), -1) from {{ this }}) {% else %} 1 = 1 {% endif %}
{% endmacro %}

{# The latest version of whatever has new rows, a late row of an older version included. #}
{% macro latest_of_new(keys, touched='order_id') %}
select order_id, is_open, store, version, status, amount, loaded
from (
  select
    order_id, is_open, store, version, status, amount,
    max(loaded) over (partition by {{ keys | join(', ') }}) as loaded,
    row_number() over (partition by {{ keys | join(', ') }} order by version desc, seq desc) as place
  from {{ source('raw', 'raw_orders') }}
  where {{ touched }} in (select {{ touched }} from {{ source('raw', 'raw_orders') }} where {{ is_new() }})
) as ranked
where place = 1
{% endmacro %}

{% macro first_amount_and_last_status() %}
select order_id, first_amount, status, loaded
from (
  select
    order_id, status, loaded,
    first_value(amount) over (partition by order_id order by seq) as first_amount,
    row_number() over (partition by order_id order by seq desc) as place
  from {{ source('raw', 'raw_orders') }}
  where {{ is_new() }}
) as ranked
where place = 1
{% endmacro %}

{% macro open_and_first_closed() %}
select order_id, is_open, status, loaded
from (
  select
    order_id, is_open, status,
    max(loaded) over (partition by order_id, is_open) as loaded,
    row_number() over (partition by order_id, is_open order by version desc, seq desc) as place
  from {{ source('raw', 'raw_orders') }}
  where (is_open or loaded = 0)
    {% if is_incremental() %}
    and is_open
    and order_id in (select order_id from {{ source('raw', 'raw_orders') }} where is_open and {{ is_new() }})
    {% endif %}
) as ranked
where place = 1
{% endmacro %}`

const FILES = {
  ...Object.fromEntries(Object.entries(MODELS).map(([name, sql]) => [`models/${name}.sql`, sql])),
  'macros/new_rows.sql': MACROS,
  'models/sources.yml': SOURCE_OF_ORDERS,
  'tests/the_run_is_good.sql': `select 1 as failing from (select count(*) from {{ ref('latest') }}) as counted where {{ var('fails') }}`,
}

/** What arrives before a run, and how the run goes. */
interface Step {
  readonly orders: readonly RawOrder[]
  readonly run: 'published' | 'failing' | 'full refresh'
}

const step: fc.Arbitrary<Step> = fc.record({
  orders: delivery,
  run: fc.constantFrom('published', 'published', 'published', 'failing', 'full refresh'),
})

test.each(PROPERTY_ENGINES)(
  'incremental models end as a full refresh makes them, on $name',
  { timeout: PROPERTY_TIMEOUT },
  async (engine) => {
    const steps = fc.array(step, { minLength: 1, maxLength: 4 })
    await checkProperty(
      fc.asyncProperty(steps, async (arrivals) => {
        const project = await TemporaryProject.make(FILES, engine)
        try {
          for (const [index, { orders, run }] of arrivals.entries()) {
            await deliver(project, orders, index)
            const before = run === 'failing' ? await contentsOf(project) : undefined
            await project.run({ vars: `{fails: ${run === 'failing'}}`, fullRefresh: run === 'full refresh' })
            if (before) expect(await contentsOf(project)).toEqual(before)
          }
          await project.run({ vars: '{fails: false}' })
          const incremental = await contentsOf(project)
          expect([...incremental.keys()]).toEqual([...Object.keys(MODELS), 'raw_orders'].sort())
          await project.run({ vars: '{fails: false}', fullRefresh: true })
          expect(incremental).toEqual(await contentsOf(project))
        } finally {
          await project.remove()
        }
      }),
      8,
    )
  },
)
