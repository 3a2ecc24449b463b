{#- The day of a moment where the project's readers are (`reporting_timezone`), whatever the session's time zone is. -#}
{% macro reporting_date(moment) -%}
  cast({{ moment }} at time zone '{{ var("reporting_timezone") }}' as date)
{%- endmacro %}
