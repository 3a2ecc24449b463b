{#- The day of a moment where the project's readers are (`reporting_timezone`), whatever the session's time zone is. -#}
{% macro reporting_date(moment) -%}
  cast({{ moment }} at time zone '{{ var("reporting_timezone") }}' as date)
{%- endmacro %}

{#- The first day of the reference month, as a SQL date. The variable is a month (`2020-01`) or any day of it. -#}
{% macro reference_month() -%}
  cast('{{ (var('reference_month') | string)[:7] }}-01' as date)
{%- endmacro %}
