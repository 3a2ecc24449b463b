{#- Text to typed value, and null where the text is no such value: a bad row is refused with a reason, it stops no run. -#}

{#- A whole number that fits into 64 bits. -#}
{% macro parse_integer(text) -%}
  {{ return(parse('^[+-]?[0-9]{1,18}$', text, 'bigint')) }}
{%- endmacro %}

{#- Digits with a decimal point or without. A fraction of a cent is no amount of money, and neither are ten trillions. -#}
{% macro parse_money(text) -%}
  {{ return(parse('^[+-]?[0-9]{1,13}([.][0-9]{1,2})?$', text, 'decimal(18, 2)')) }}
{%- endmacro %}

{#- `yyyy-mm-dd`. -#}
{% macro parse_date(text) -%}
  {{ return(parse('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', text, 'date')) }}
{%- endmacro %}

{#- ISO 8601 with an offset. Without one the moment is not known. -#}
{% macro parse_timestamp(text) -%}
  {%- set date_and_time = '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?' -%}
  {{ return(parse('^' ~ date_and_time ~ '(Z|[+-][0-9]{2}(:?[0-9]{2})?)$', text, 'timestamptz')) }}
{%- endmacro %}

{#- Engines accept more than one way of writing a value; the pattern says which one is meant. -#}
{% macro parse(pattern, text, type) -%}
  {%- set trimmed = 'trim(' ~ text ~ ')' -%}
  {{ return('case when ' ~ trimmed ~ " ~ '" ~ pattern ~ "' then " ~ (dbt.safe_cast(trimmed, type) | trim) ~ ' end') }}
{%- endmacro %}

{#- A condition: null, or nothing but white space, no-break and zero-width spaces included. -#}
{% macro is_blank(text) -%}
  {{ return(adapter.dispatch('is_blank')(text)) }}
{%- endmacro %}

{% macro default__is_blank(text) -%}
  coalesce({{ text }}, '') ~ '^[[:space:]]*$'
{%- endmacro %}

{% macro duckdb__is_blank(text) -%}
  coalesce({{ text }}, '') ~ '^[\s\pZ\p{Cf}]*$'
{%- endmacro %}
