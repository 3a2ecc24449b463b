{#- Text to typed value, and null where the text is no such value: a bad row is refused with a reason, it stops no run. -#}

{#- A whole number that fits into 64 bits. -#}
{% macro parse_integer(text) -%}
  {{ return(parse('^[+-]?[0-9]{1,18}$', text, 'bigint')) }}
{%- endmacro %}

{#- Digits with a decimal point or without. A fraction of a cent is no amount of money, and neither are ten trillions. -#}
{% macro parse_money(text) -%}
  {{ return(parse('^[+-]?[0-9]{1,13}([.][0-9]{1,2})?$', text, 'decimal(18, 2)')) }}
{%- endmacro %}

{#- A number with as many digits as it has, also with an exponent, that a double can hold. -#}
{% macro parse_double(text) -%}
  {%- set digits = '([0-9]{1,9}([.][0-9]{0,24})?|[.][0-9]{1,24})' -%}
  {{ return(parse('^[+-]?' ~ digits ~ '([eE][+-]?[12]?[0-9]{1,2})?$', text, 'double precision')) }}
{%- endmacro %}

{#- `yyyy-mm-dd`. -#}
{% macro parse_date(text) -%}
  {{ return(parse('^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$', text, 'date')) }}
{%- endmacro %}

{#- ISO 8601 with an offset, of less than sixteen hours. Without one the moment is not known. -#}
{% macro parse_timestamp(text) -%}
  {%- set date_and_time = '[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?' -%}
  {{ return(parse('^' ~ date_and_time ~ '(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)$', text, 'timestamptz')) }}
{%- endmacro %}

{#- Engines accept more than one way of writing a value; the pattern says which one is meant. -#}
{% macro parse(pattern, text, type) -%}
  {%- set trimmed_text = trimmed(text) | trim -%}
  {%- set value = cast_or_null(trimmed_text, type) | trim -%}
  {{ return('cast(case when ' ~ trimmed_text ~ " ~ '" ~ pattern ~ "' then " ~ value ~ ' end as ' ~ type ~ ')') }}
{%- endmacro %}

{#- What looks right may still be no value, such as 30 February. -#}
{% macro cast_or_null(text, type) -%}
  {{ return(adapter.dispatch('cast_or_null')(text, type)) }}
{%- endmacro %}

{% macro default__cast_or_null(text, type) -%}
  {{ return(dbt.safe_cast(text, type)) }}
{%- endmacro %}

{#- Postgres has no cast of this kind, but knows whether one would fail. It rounds what comes after microseconds: cut off here. -#}
{% macro postgres__cast_or_null(text, type) -%}
  {%- set cut = "regexp_replace(" ~ text ~ ", '([.][0-9]{6})[0-9]+', '\\1')" -%}
  {%- set value = cut if type == 'timestamptz' else text -%}
  case when pg_input_is_valid({{ text }}, '{{ type }}') then cast({{ value }} as {{ type }}) end
{%- endmacro %}

{#- Without blanks at both ends, no-break spaces and their like included. -#}
{% macro trimmed(text) -%}
  {{ return(adapter.dispatch('trimmed')(text)) }}
{%- endmacro %}

{% macro default__trimmed(text) -%}
  trim({{ text }})
{%- endmacro %}

{% macro postgres__trimmed(text) -%}
  btrim({{ text }}, E' \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000')
{%- endmacro %}

{#- A condition: null, or nothing but white space, no-break and zero-width spaces included. -#}
{% macro is_blank(text) -%}
  {{ return(adapter.dispatch('is_blank')(text)) }}
{%- endmacro %}

{% macro default__is_blank(text) -%}
  coalesce({{ text }}, '') ~ '^[\s\pZ\p{Cf}]*$'
{%- endmacro %}

{#- The same characters one by one: Postgres' patterns do not know the classes of Unicode. -#}
{% macro postgres__is_blank(text) -%}
  {%- set spaces -%}
    \t\n\f\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000
  {%- endset -%}
  {%- set formats -%}
    \u00AD\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB
  {%- endset -%}
  coalesce({{ text }}, '') ~ '^[{{ spaces }}{{ formats }}\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0001\U000E0020-\U000E007F]*$'
{%- endmacro %}
