{% macro with_days() -%}
with days as (
  select ordered_on from {{ ref('orders') }}
)
{%- endmacro %}
