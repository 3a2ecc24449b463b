{# Generic tests that most projects add, under the names that dbt_utils and dbt_expectations made known. All of them
   return failing rows; nulls pass unless the test is about them. #}

{# Rows where the expression is false. On a column, the expression continues the column: `expression: "> 0"`. #}
{% test expression_is_true(model, expression, column_name=none) %}
select *
from {{ model }}
where not({% if column_name is not none %}{{ column_name }} {% endif %}{{ expression }})
{% endtest %}


{# Values below `min_value` or above `max_value`; `inclusive: false` refuses the limits themselves. Limits are SQL. #}
{% test accepted_range(model, column_name, min_value=none, max_value=none, inclusive=true) %}
{% if min_value is none and max_value is none -%}
  {{ exceptions.raise_compiler_error("accepted_range needs min_value, max_value or both.") }}
{%- endif -%}
select *
from {{ model }}
where false
{%- if min_value is not none %}
   or not {{ column_name }} >{{ '=' if inclusive }} {{ min_value }}
{%- endif %}
{%- if max_value is not none %}
   or not {{ column_name }} <{{ '=' if inclusive }} {{ max_value }}
{%- endif %}
{% endtest %}


{# Fails when there is no `field` or the newest is older than `interval` units of `datepart`; of any group, with
   `group_by_columns`. #}
{% test recency(model, field, datepart, interval, ignore_time_component=false, group_by_columns=[]) %}
{% set type = 'date' if ignore_time_component else type_timestamp() -%}
{% set groups = group_by_columns | join(', ') -%}
with newest as (
  select
    {%- for column in group_by_columns %}
    {{ column }},
    {%- endfor %}
    cast(max({{ field }}) as {{ type }}) as most_recent
  from {{ model }}
  {%- if groups %}
  group by {{ groups }}
  {%- endif %}
),
limits as (
  select cast({{ dateadd(datepart, interval * -1, current_timestamp_backcompat()) }} as {{ type }}) as threshold
)
select newest.*, limits.threshold
from newest
cross join limits
where newest.most_recent is null or newest.most_recent < limits.threshold
{% endtest %}


{# Fails when the relation has fewer than `min_value` or more than `max_value` rows. #}
{% test row_count_between(model, min_value=none, max_value=none) %}
{% if min_value is none and max_value is none -%}
  {{ exceptions.raise_compiler_error("row_count_between needs min_value, max_value or both.") }}
{%- endif -%}
select *
from (
  select count(*) as row_count
  from {{ model }}
) counted
where false
{%- if min_value is not none %}
   or row_count < {{ min_value }}
{%- endif %}
{%- if max_value is not none %}
   or row_count > {{ max_value }}
{%- endif %}
{% endtest %}


{# Fails when two relations do not have the same number of rows; in any group, with `group_by_columns`. #}
{% test equal_rowcount(model, compare_model, group_by_columns=[]) %}
{% set groups = group_by_columns | join(', ') -%}
with counted as (
  select {{ groups ~ ', ' if groups }}count(*) as row_count
  from {{ model }}
  {%- if groups %}
  group by {{ groups }}
  {%- endif %}
),
compared as (
  select {{ groups ~ ', ' if groups }}count(*) as row_count
  from {{ compare_model }}
  {%- if groups %}
  group by {{ groups }}
  {%- endif %}
)
select
  {% for column in group_by_columns -%}
  coalesce(counted.{{ column }}, compared.{{ column }}) as {{ column }},
  {% endfor -%}
  counted.row_count as row_count,
  compared.row_count as compared_row_count
from counted
{% if groups -%}
full join compared
  on {% for column in group_by_columns -%}
    {{ ' and ' if not loop.first }}counted.{{ column }} = compared.{{ column }}
  {%- endfor %}
{% else -%}
cross join compared
{% endif -%}
where coalesce(counted.row_count, 0) <> coalesce(compared.row_count, 0)
{% endtest %}


{# Rows that only one of two relations has. Compares `compare_columns`, or all columns but `exclude_columns`. #}
{% test equality(model, compare_model, compare_columns=none, exclude_columns=none) %}
{% if compare_columns and exclude_columns -%}
  {{ exceptions.raise_compiler_error("equality takes compare_columns or exclude_columns, not both.") }}
{%- endif -%}
{% set columns = compare_columns -%}
{% if exclude_columns and execute -%}
  {% set excluded = exclude_columns | map('lower') | list -%}
  {% set columns = [] -%}
  {% for column in adapter.get_columns_in_relation(compare_model) if column.name | lower not in excluded -%}
    {% do columns.append(column.quoted) -%}
  {% endfor -%}
{% endif -%}
{% set shown = columns | join(', ') if columns else '*' -%}
with only_in_model as (
  select {{ shown }} from {{ model }}
  {{ except() }}
  select {{ shown }} from {{ compare_model }}
),
only_in_compared as (
  select {{ shown }} from {{ compare_model }}
  {{ except() }}
  select {{ shown }} from {{ model }}
)
select 'only in the model' as side, only_in_model.* from only_in_model
union all
select 'only in the compared model' as side, only_in_compared.* from only_in_compared
{% endtest %}


{# Combinations of columns that occur more than once. #}
{% test unique_combination_of_columns(model, combination_of_columns, quote_columns=false) %}
{% set columns = [] -%}
{% for column in combination_of_columns -%}
  {% do columns.append(adapter.quote(column) if quote_columns else column) -%}
{% endfor -%}
select
  {{ columns | join(', ') }},
  count(*) as n_records
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}


{# Empty strings, and with `trim_whitespace` strings of blanks only. #}
{% test not_empty_string(model, column_name, trim_whitespace=true) %}
select *
from {{ model }}
where {{ 'trim(' ~ column_name ~ ')' if trim_whitespace else column_name }} = ''
{% endtest %}


{# Fails when no row, or no row of some group, has a value in the column. #}
{% test at_least_one(model, column_name, group_by_columns=[]) %}
{% set groups = group_by_columns | join(', ') -%}
select
  {%- for column in group_by_columns %}
  {{ column }},
  {%- endfor %}
  count({{ column_name }}) as filled
from {{ model }}
{%- if groups %}
group by {{ groups }}
{%- endif %}
having count({{ column_name }}) = 0
{% endtest %}


{# Fails when all values of the column, or of some group, are the same. #}
{% test not_constant(model, column_name, group_by_columns=[]) %}
{% set groups = group_by_columns | join(', ') -%}
select
  {%- for column in group_by_columns %}
  {{ column }},
  {%- endfor %}
  count(distinct {{ column_name }}) as distinct_values
from {{ model }}
{%- if groups %}
group by {{ groups }}
{%- endif %}
having count(distinct {{ column_name }}) = 1
{% endtest %}
