{#- For tests: the rows of a relation or subquery that are not among the expected ones, and the other way round. -#}
{% macro expect_rows(relation) %}
with actual as (
  select * from {{ relation }} as relation
),

expected as (
  values {{ caller() }}
)

(select 'not expected' as problem, * from actual except select 'not expected' as problem, * from expected)
union all
(select 'missing' as problem, * from expected except select 'missing' as problem, * from actual)
{% endmacro %}
