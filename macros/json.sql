{#-
  A lateral table of the entries of a JSON object: `key`, `value` (strings without their quotes; JSON null is null) and
  `position`, from 0 in the order of the text.
-#}
{% macro json_entries(object) -%}
  {{ return(adapter.dispatch('json_entries')(object)) }}
{%- endmacro %}

{% macro postgres__json_entries(object) -%}
  (
    select key, value, ordinality - 1 as position
    from json_each_text({{ object }}) with ordinality
  )
{%- endmacro %}

{% macro duckdb__json_entries(object) -%}
  (
    select key, json_extract_string(value, '$') as value, rowid as position
    from json_each({{ object }})
  )
{%- endmacro %}

{#- A condition: the JSON is an object. -#}
{% macro is_json_object(json) -%}
  {{ return(adapter.dispatch('is_json_object')(json)) }}
{%- endmacro %}

{% macro postgres__is_json_object(json) -%}
  {#- A null character is JSON, but no text of Postgres'. -#}
  coalesce(json_typeof({{ json }}) = 'object' and strpos(cast({{ json }} as text), '\u0000') = 0, false)
{%- endmacro %}

{% macro duckdb__is_json_object(json) -%}
  coalesce(json_type({{ json }}) = 'OBJECT', false)
{%- endmacro %}

{#- Text to JSON, and null where the text is cut off or no JSON at all. -#}
{% macro parse_json(text) -%}
  {{ return(adapter.dispatch('parse_json')(text)) }}
{%- endmacro %}

{% macro postgres__parse_json(text) -%}
  case when pg_input_is_valid({{ text }}, 'jsonb') then cast({{ text }} as json) end
{%- endmacro %}

{% macro duckdb__parse_json(text) -%}
  case when json_valid({{ text }}) then cast({{ text }} as json) end
{%- endmacro %}
