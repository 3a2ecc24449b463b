{#- Text to typed value, and null where the text is no such value: a bad row is refused with a reason, it stops no run. -#}

{#- A whole number that fits into 64 bits. -#}
{% macro parse_integer(text) -%}
  case when trim({{ text }}) ~ '^[+-]?[0-9]{1,18}$' then {{ dbt.safe_cast('trim(' ~ text ~ ')', 'bigint') }} end
{%- endmacro %}

{#- Digits with a decimal point or without. What is finer than a cent is no amount of money. -#}
{% macro parse_money(text) -%}
  case
    when trim({{ text }}) ~ '^[+-]?[0-9]{1,16}([.][0-9]{1,2})?$'
    then {{ dbt.safe_cast('trim(' ~ text ~ ')', 'decimal(18, 2)') }}
  end
{%- endmacro %}

{#- ISO 8601 with an offset. Without one the moment is not known. -#}
{% macro parse_timestamp(text) -%}
  case
    when trim({{ text }}) ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$'
    then {{ dbt.safe_cast('trim(' ~ text ~ ')', 'timestamptz') }}
  end
{%- endmacro %}

{#- `yyyy-mm-dd`. -#}
{% macro parse_date(text) -%}
  case when trim({{ text }}) ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then {{ dbt.safe_cast('trim(' ~ text ~ ')', 'date') }} end
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
