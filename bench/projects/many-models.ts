import { seededRandom } from '../inputs/random.ts'

/**
 * A large project: every model has 3 to 6 refs (to earlier models, the first ones to seeds of rows) and one macro call; the
 * properties files describe every model and two of its columns; every fifth model has a test.
 */
export function manyModelsProject(models: number, propertyFiles: number): ReadonlyMap<string, string> {
  const random = seededRandom(2)
  const files = new Map<string, string>([['macros/money.sql', MACROS]])
  const perFile = Math.ceil(models / propertyFiles)
  for (let index = 0; index < models; index += 1) {
    const refs = index < 10 ? 0 : 3 + random.below(4)
    const parents = Array.from({ length: refs }, () => random.below(index))
    files.set(`models/${folderOf(index, perFile)}/${nameOf(index)}.sql`, modelText(index, [...new Set(parents)]))
  }
  for (let start = 0; start < models; start += perFile) {
    const names = Array.from({ length: Math.min(perFile, models - start) }, (_, offset) => nameOf(start + offset))
    files.set(`models/${folderOf(start, perFile)}/properties.yml`, propertiesText(names))
  }
  return files
}

const MACROS = `{% macro cents(column, scale=2) -%}
  round({{ column }} / 100.0, {{ scale }})
{%- endmacro %}
`

function nameOf(index: number): string {
  return `orders_${String(index).padStart(5, '0')}`
}

function folderOf(index: number, perFile: number): string {
  const group = Math.floor(index / perFile)
  return `area_${Math.floor(group / 25)}/group_${String(group).padStart(3, '0')}`
}

function modelText(index: number, parents: readonly number[]): string {
  const unions = parents.map(
    (parent) => `    select order_id, customer_id, amount, '${nameOf(parent)}' as came_from
    from {{ ref('${nameOf(parent)}') }}
    where status = 'paid' and amount > ${index % 97}`,
  )
  const first = `    select i as order_id, i % 7 as customer_id, i * ${index} as amount, 'source' as came_from
    from range(10) as numbers(i)`
  return `{{ config(tags=['daily', 'area_${index % 10}']) }}

with everything as (
${(unions.length > 0 ? unions : [first]).join('\n    union all\n')}
),

-- One row an order: the latest of what came.
latest as (
    select
        order_id,
        customer_id,
        max(amount) as amount,
        count(distinct came_from) as origins
    from everything
    group by order_id, customer_id
)

select
    order_id,
    customer_id,
    {{ cents('amount') }} as amount,
    origins,
    case when origins > 1 then 'paid' else 'open' end as status
from latest
where order_id is not null
`
}

/** Every fifth model has a test. */
function propertiesText(names: readonly string[]): string {
  const models = names.map(
    (name, index) => `  - name: ${name}
    description: Paid orders, cleaned.
    columns:
      - name: order_id
${index % 5 === 0 ? '        data_tests: [not_null]\n' : '        description: Unique.\n'}      - name: origins
`,
  )
  return `version: 2\nmodels:\n${models.join('')}`
}
