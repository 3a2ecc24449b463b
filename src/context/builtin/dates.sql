{# Dates and times. `datepart` is one of year, quarter, month, week, day, hour, minute, second and their like. #}

{% macro current_timestamp() -%} {{ return(adapter.dispatch('current_timestamp', 'dbt')()) }} {%- endmacro %}
{% macro default__current_timestamp() %}{{ return('now()') }}{% endmacro %}

{% macro current_timestamp_backcompat() -%} {{ return(adapter.dispatch('current_timestamp_backcompat', 'dbt')()) }} {%- endmacro %}
{% macro default__current_timestamp_backcompat() %}{{ return('cast(current_timestamp as timestamp)') }}{% endmacro %}

{% macro current_timestamp_in_utc_backcompat() -%} {{ return(adapter.dispatch('current_timestamp_in_utc_backcompat', 'dbt')()) }} {%- endmacro %}
{% macro default__current_timestamp_in_utc_backcompat() %}{{ return("cast(now() at time zone 'UTC' as timestamp)") }}{% endmacro %}

{% macro snapshot_get_time() -%} {{ return(adapter.dispatch('snapshot_get_time', 'dbt')()) }} {%- endmacro %}
{% macro default__snapshot_get_time() %}{{ return('cast(' ~ current_timestamp() ~ ' as timestamp)') }}{% endmacro %}


{% macro date(year, month, day) -%} {{ return(adapter.dispatch('date', 'dbt')(year, month, day)) }} {%- endmacro %}
{% macro default__date(year, month, day) %}{{ return('make_date(' ~ year ~ ', ' ~ month ~ ', ' ~ day ~ ')') }}{% endmacro %}

{% macro dateadd(datepart, interval, from_date_or_timestamp) -%}
    {{ return(adapter.dispatch('dateadd', 'dbt')(datepart, interval, from_date_or_timestamp)) }}
{%- endmacro %}
{% macro default__dateadd(datepart, interval, from_date_or_timestamp) %}
    {{ return('(' ~ from_date_or_timestamp ~ ' + cast(' ~ interval ~ " as bigint) * interval '1 " ~ datepart ~ "')") }}
{% endmacro %}
{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) %}
    {% set unit = '3 month' if datepart == 'quarter' else '1 ' ~ datepart %}
    {{ return('((' ~ from_date_or_timestamp ~ ') + (' ~ interval ~ ") * interval '" ~ unit ~ "')") }}
{% endmacro %}

{# How many starts of a `datepart` lie between two times: 1 day between 23:59 and 00:01. #}
{% macro datediff(first_date, second_date, datepart) -%}
    {{ return(adapter.dispatch('datediff', 'dbt')(first_date, second_date, datepart)) }}
{%- endmacro %}
{% macro default__datediff(first_date, second_date, datepart) %}
    {{ return("date_diff('" ~ datepart ~ "', cast(" ~ first_date ~ ' as timestamp), cast(' ~ second_date ~ ' as timestamp))') }}
{% endmacro %}
{% macro postgres__datediff(first_date, second_date, datepart) %}
    {% set first, second = 'cast(' ~ first_date ~ ' as timestamp)', 'cast(' ~ second_date ~ ' as timestamp)' %}
    {% set years = "(date_part('year', " ~ second ~ ") - date_part('year', " ~ first ~ '))' %}
    {% set seconds = {'week': 604800, 'day': 86400, 'hour': 3600, 'minute': 60, 'second': 1, 'millisecond': 0.001, 'microsecond': 0.000001} %}
    {% if datepart == 'year' %}
        {{ return('cast(' ~ years ~ ' as bigint)') }}
    {% elif datepart in ('quarter', 'month') %}
        {% set per_year = 4 if datepart == 'quarter' else 12 %}
        {% set rest = "date_part('" ~ datepart ~ "', " ~ second ~ ") - date_part('" ~ datepart ~ "', " ~ first ~ ')' %}
        {{ return('cast(' ~ years ~ ' * ' ~ per_year ~ ' + ' ~ rest ~ ' as bigint)') }}
    {% elif datepart in seconds %}
        {% set difference = "date_trunc('" ~ datepart ~ "', " ~ second ~ ") - date_trunc('" ~ datepart ~ "', " ~ first ~ ')' %}
        {{ return('cast(extract(epoch from ' ~ difference ~ ') / ' ~ seconds[datepart] ~ ' as bigint)') }}
    {% endif %}
    {{ exceptions.raise_compiler_error("datediff does not know the datepart '" ~ datepart ~ "'.") }}
{% endmacro %}

{% macro date_trunc(datepart, date) -%} {{ return(adapter.dispatch('date_trunc', 'dbt')(datepart, date)) }} {%- endmacro %}
{% macro default__date_trunc(datepart, date) %}{{ return("date_trunc('" ~ datepart ~ "', " ~ date ~ ')') }}{% endmacro %}

{% macro last_day(date, datepart) -%} {{ return(adapter.dispatch('last_day', 'dbt')(date, datepart)) }} {%- endmacro %}
{% macro default__last_day(date, datepart) %}
    {{ return('cast(' ~ dateadd('day', '-1', dateadd(datepart, '1', date_trunc(datepart, date))) ~ ' as date)') }}
{% endmacro %}


{# One row per `datepart` from `start_date` up to and without `end_date`; the column is `date_<datepart>`. #}
{% macro date_spine(datepart, start_date, end_date) -%}
    {{ return(adapter.dispatch('date_spine', 'dbt')(datepart, start_date, end_date)) }}
{%- endmacro %}
{% macro default__date_spine(datepart, start_date, end_date) -%}
{%- set unit = '3 month' if datepart == 'quarter' else '1 ' ~ datepart -%}
select spine.date_{{ datepart }}
from generate_series(
    cast({{ start_date }} as timestamp),
    cast({{ end_date }} as timestamp),
    interval '{{ unit }}'
) as spine(date_{{ datepart }})
where spine.date_{{ datepart }} < cast({{ end_date }} as timestamp)
{%- endmacro %}

{# The numbers from 1 to `upper_bound`, in the column `generated_number`. #}
{% macro generate_series(upper_bound) -%} {{ return(adapter.dispatch('generate_series', 'dbt')(upper_bound)) }} {%- endmacro %}
{% macro default__generate_series(upper_bound) -%}
select series.generated_number
from generate_series(1, {{ upper_bound }}) as series(generated_number)
{%- endmacro %}

{# How many `datepart`s lie between two times, asked of the database. #}
{% macro get_intervals_between(start_date, end_date, datepart) -%}
    {{ return(adapter.dispatch('get_intervals_between', 'dbt')(start_date, end_date, datepart)) }}
{%- endmacro %}
{% macro default__get_intervals_between(start_date, end_date, datepart) %}
    {% set found = run_query('select ' ~ datediff(start_date, end_date, datepart)) %}
    {{ return(found.columns[0].values()[0] if execute else 0) }}
{% endmacro %}

{# How many times 2 has to be multiplied with itself to reach `upper_bound`. #}
{% macro get_powers_of_two(upper_bound) -%} {{ return(adapter.dispatch('get_powers_of_two', 'dbt')(upper_bound)) }} {%- endmacro %}
{% macro default__get_powers_of_two(upper_bound) %}
    {% if upper_bound <= 0 %}
        {{ exceptions.raise_compiler_error('The upper bound must be more than 0.') }}
    {% endif %}
    {% for _ in range(1, 100) %}
        {% if upper_bound <= 2 ** loop.index %}{{ return(loop.index) }}{% endif %}
    {% endfor %}
{% endmacro %}
