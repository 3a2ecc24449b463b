import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * The project under torture. Its whole content is a function of one number, the version: each run builds the version after
 * the one that is published, which it finds in `journal`, a table that the publishing transaction itself writes. So
 * whatever a reader finds tells which run it came from, runs at once count on, and a database that was built once and whole
 * (with `--vars 'version: n'`) shows what a database must hold after n publications, however they came about.
 *
 * Its SQL is such that every engine takes it.
 */
export function projectFiles(target: string, schema: string, swap: Swap = 'rename'): Readonly<Record<string, string>> {
  const projectFile = FILES['project.yml']?.replace('+materialized: table', `$&\n  +swap: ${swap}`) ?? ''
  return { ...FILES, 'project.yml': projectFile, 'profiles.yml': profiles(target, schema) }
}

/** How a new version of a table gets into its place. */
export type Swap = 'rename' | 'in_place'

export async function writeProject(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}

const profiles = (target: string, schema: string) => `shop:
  target: dev
  outputs:
    dev: { ${target}, schema: ${schema}, threads: 2 }
`

const FILES: Readonly<Record<string, string>> = {
  'project.yml': `name: shop
version: '1.0'
profile: shop
models:
  +materialized: table
  shop:
    gold:
      +schema: gold
on-run-start: create table if not exists {{ target.schema }}.journal (version integer)
`,
  'macros/version.sql': `{% macro version() -%}
{%- if var('version', none) is not none -%}{{ var('version') }}
{%- elif execute -%}{{ run_query('select coalesce(max(version), 0) + 1 from ' ~ target.schema ~ '.journal').rows[0][0] }}
{%- else -%}0
{%- endif -%}
{%- endmacro %}
{% macro minute(number) %}timestamp '2026-01-01 00:00:00' + {{ number }} * interval '1 minute'{% endmacro %}
`,
  'seeds/regions.csv': 'region_id,region\n0,north\n1,south\n2,west\n3,east\n',
  'models/orders.sql': `{{ config(event_time='ordered_at', indexes=[{'columns': ['order_id'], 'unique': true}]) }}
select i as order_id, i % 7 as customer_id, {{ minute(version()) }} as ordered_at, {{ version() }} as version
from generate_series(1, 60) as numbers(i)`,
  'models/late_orders.sql': `{{ config(materialized='ephemeral') }}
select * from {{ ref('orders') }} where order_id > 5`,
  'models/gold/customers.sql': `select customer_id, region, count(*) as orders, max(version) as version
from {{ ref('late_orders') }} as orders
join {{ ref('regions') }} as regions on region_id = customer_id % 4
group by customer_id, region`,
  // Its post-hook runs in the publishing transaction: once for each publication, whatever happens to it.
  'models/gold/panel.sql': `{{ config(
  materialized='view',
  post_hook='insert into {{ target.schema }}.journal values ({{ version() }})',
) }}
select max(version) as version, min(version) as lowest, {{ version() }} as own from {{ ref('customers') }}`,
  'models/gold/panel_of_panels.sql': `{{ config(materialized='view') }}
select version, own from {{ ref('panel') }}`,
  'models/entries.sql': `{{ config(materialized='incremental', incremental_strategy='append', event_time='entered_at') }}
select n as entry, {{ minute('n') }} as entered_at
from generate_series(1, {{ version() }}) as numbers(n)
{% if is_incremental() %}where n > (select coalesce(max(entry), 0) from {{ this }}){% endif %}`,
  // Every run changes sixty rows and adds one: the table has one version only when the merge is whole.
  'models/ledger.sql': `{{ config(materialized='incremental', incremental_strategy='merge', unique_key='order_id') }}
select order_id, version from {{ ref('orders') }}
union all
select 1000 + n, n from generate_series(1, {{ version() }}) as numbers(n)
{% if is_incremental() %}where 1000 + n > (select coalesce(max(order_id), 0) from {{ this }}){% endif %}`,
  'models/days.sql': `{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='day') }}
select n as entry, day, least({{ version() }}, (day + 1) * 10) as last_entry
from (
  select n, cast(floor((n - 1) / 10.0) as integer) as day
  from generate_series(1, {{ version() }}) as numbers(n)
) as numbered
{% if is_incremental() %}where day >= (select coalesce(max(day), 0) from {{ this }}){% endif %}`,
  'models/retained.sql': `{{ config(versions=2) }}
select {{ version() }} as version`,
  'models/report.sql': `{{ config(per_value={
  'query': "select region_id from {{ ref('regions') }} where region_id <= {{ version() }} % 3",
  'name': 'report_{{ value.region_id }}',
}) }}
select order_id, version from {{ ref('orders') }} where customer_id % 4 = {{ value.region_id if value else 0 }}`,
  // Takes what space a scenario wants it to take.
  'models/ballast.sql': `select i, md5(cast(i as varchar)) as weight, {{ version() }} as version
from generate_series(1, {{ var('ballast', 10) }}) as numbers(i)`,
  'models/prices.sql': `select region_id as product, {{ version() }} as price, {{ minute(version()) }} as changed_at
from {{ ref('regions') }} where region_id < 2`,
  'snapshots/price_history.sql': `{% snapshot price_history %}
{{ config(unique_key='product', strategy='timestamp', updated_at='changed_at') }}
select * from {{ ref('prices') }}
{% endsnapshot %}`,
  'tests/customers_are_of_their_orders.sql': `select 1 as difference from {{ ref('customers') }} as customers
join {{ ref('orders') }} as orders on orders.customer_id = customers.customer_id
where orders.version <> customers.version`,
  'models/shop.yml': `version: 2
models:
  - name: orders
    columns:
      - name: order_id
        data_tests: [unique, not_null]
  - name: customers
    columns:
      - name: customer_id
        data_tests:
          - unique
          - relationships: { arguments: { to: ref('orders'), field: customer_id } }
      - name: region
        data_tests:
          - accepted_values: { arguments: { values: [north, south, west, east] } }
  - name: ledger
    columns:
      - name: order_id
        data_tests: [unique, not_null]
  - name: entries
    columns:
      - name: entry
        data_tests: [unique, not_null]
  - name: days
    columns:
      - name: entry
        data_tests: [unique]
`,
}

export interface ProjectRelation {
  readonly schema: string
  readonly identifier: string
  readonly kind: 'table' | 'view'
  /** What its watermark is the maximum of. */
  readonly eventTime?: string
  /** Which of its rows are a function of the version alone; all of them when absent. */
  readonly comparable?: string
}

/** What the project has published when a version stands. */
export function relationsOf(version: number, schema: string): readonly ProjectRelation[] {
  const gold = `${schema}_gold`
  const table = (identifier: string) => ({ schema, identifier, kind: 'table' }) as const
  const reports = [0, 1, 2].filter((region) => region <= version % 3)
  return [
    table('regions'),
    { ...table('orders'), eventTime: 'ordered_at' },
    { schema: gold, identifier: 'customers', kind: 'table' },
    { schema: gold, identifier: 'panel', kind: 'view' },
    { schema: gold, identifier: 'panel_of_panels', kind: 'view' },
    { ...table('entries'), eventTime: 'entered_at' },
    table('ledger'),
    table('days'),
    table('retained'),
    ...reports.map((region) => table(`report_${region}`)),
    table('ballast'),
    table('prices'),
    { ...table('price_history'), comparable: 'dbt_valid_to is null' },
  ]
}

/** Numbers that are all the version that stands, read in one statement: one snapshot. */
export function versionVector(schema: string): string {
  return vectorOf({ ...storedNumbers(schema), ...definedNumbers(schema) })
}

/**
 * Those of them that come from rows of tables which are published in place: a transaction that began before a publication
 * goes on seeing these as they were, while names and definitions of relations are always the latest.
 */
export function storedVector(schema: string): string {
  return vectorOf(storedNumbers(schema))
}

function vectorOf(numbers: Readonly<Record<string, string>>): string {
  return `select\n${Object.entries(numbers)
    .map(([name, query]) => `  (select ${query}) as ${name}`)
    .join(',\n')}`
}

function storedNumbers(schema: string): Readonly<Record<string, string>> {
  const gold = `${schema}_gold`
  return {
    orders: `max(version) from ${schema}.orders`,
    orders_lowest: `min(version) from ${schema}.orders`,
    customers: `max(version) from ${gold}.customers`,
    customers_lowest: `min(version) from ${gold}.customers`,
    panel: `version from ${gold}.panel`,
    panel_lowest: `lowest from ${gold}.panel`,
    panel_of_panels: `version from ${gold}.panel_of_panels`,
    entries: `max(entry) from ${schema}.entries`,
    entries_counted: `count(*) from ${schema}.entries`,
    ledger_lowest: `min(version) from ${schema}.ledger where order_id < 1000`,
    ledger: `max(version) from ${schema}.ledger`,
    ledger_counted: `count(*) - 60 from ${schema}.ledger`,
    days: `count(*) from ${schema}.days`,
    days_last: `max(last_entry) from ${schema}.days`,
    report: `min(version) from ${schema}.report_0`,
    ballast: `min(version) from ${schema}.ballast`,
    prices: `max(price) from ${schema}.prices`,
    price_history: `min(price) from ${schema}.price_history where dbt_valid_to is null`,
    price_history_counted: `count(*) / 2 from ${schema}.price_history`,
    journal: `max(version) from ${schema}.journal`,
    journal_counted: `count(*) from ${schema}.journal`,
  }
}

/** What stands in the definition of a view, and a table that is always swapped because its versions are kept. */
function definedNumbers(schema: string): Readonly<Record<string, string>> {
  return {
    panel_own: `own from ${schema}_gold.panel`,
    panel_of_panels_own: `own from ${schema}_gold.panel_of_panels`,
    retained: `version from ${schema}.retained`,
  }
}
