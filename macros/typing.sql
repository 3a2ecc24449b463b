{#-
  Text to typed value, and null where the text is no such value: a bad row is refused with a reason, it never stops a run.
-#}
{% macro parse_integer(text) -%}
  {{ return(adapter.dispatch('parse_integer')(text)) }}
{%- endmacro %}

{% macro default__parse_integer(text) -%}
  case when trim({{ text }}) ~ '^[+-]?[0-9]{1,18}$' then cast(trim({{ text }}) as bigint) end
{%- endmacro %}

{#- Digits with an optional decimal point. More than two decimals are not money and give null. -#}
{% macro parse_money(text) -%}
  case when trim({{ text }}) ~ '^[+-]?[0-9]{1,16}([.][0-9]{1,2})?$' then cast(trim({{ text }}) as decimal(18, 2)) end
{%- endmacro %}

{#- ISO 8601 with an offset. Without one the moment is not known, and the result is null. -#}
{% macro parse_timestamp(text) -%}
  {{ return(adapter.dispatch('parse_timestamp')(text)) }}
{%- endmacro %}

{% macro default__parse_timestamp(text) -%}
  case
    when trim({{ text }}) ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$'
    then try_cast(trim({{ text }}) as timestamptz)
  end
{%- endmacro %}

{#- `yyyy-mm-dd`. -#}
{% macro parse_date(text) -%}
  {{ return(adapter.dispatch('parse_date')(text)) }}
{%- endmacro %}

{% macro default__parse_date(text) -%}
  case when trim({{ text }}) ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then try_cast(trim({{ text }}) as date) end
{%- endmacro %}

{#- A condition: nothing but white space (tabs, line breaks, no-break and zero-width spaces included), or null. -#}
{% macro is_blank(text) -%}
  coalesce(
    trim(translate(
      {{ text }},
      {% for code in [9, 10, 11, 12, 13, 133, 160, 8203, 8232, 8233, 8239, 12288, 65279] -%}
        chr({{ code }}){{ ' || ' if not loop.last }}
      {%- endfor %},
      ''
    )) = '',
    true
  )
{%- endmacro %}
