{#-
  The text of the row that comes last by `order_by`; null values do not count. Equal moments are decided by the greater
  text, so that the answer is the same every time.
-#}
{% macro latest(value, order_by) -%}
  {{ return(adapter.dispatch('latest')(value, order_by)) }}
{%- endmacro %}

{% macro postgres__latest(value, order_by) -%}
  (array_agg({{ value }} order by {{ order_by }} desc, {{ value }} collate "C" desc) filter (where {{ value }} is not null))[1]
{%- endmacro %}

{% macro duckdb__latest(value, order_by) -%}
  arg_max({{ value }}, ({{ order_by }}, {{ value }})) filter (where {{ value }} is not null)
{%- endmacro %}

{#- `total / count` in cents, cut off and not rounded, towards zero: 248500 / 6 is 41416.66. Exact: no floats. -#}
{% macro truncated_average(total, count) -%}
  {{ return(adapter.dispatch('truncated_average')(total, count)) }}
{%- endmacro %}

{% macro postgres__truncated_average(total, count) -%}
  cast(trunc({{ total }} / {{ count }}, 2) as decimal(18, 2))
{%- endmacro %}

{% macro duckdb__truncated_average(total, count) -%}
  cast(cast(cast({{ total }} * 100 as hugeint) // {{ count }} as decimal(38, 0)) * 0.01 as decimal(18, 2))
{%- endmacro %}
