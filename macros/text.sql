{#- A string as a SQL literal: its quotes are doubled. -#}
{% macro text_literal(text) -%}
  {{ return("'" ~ (text | replace("'", "''")) ~ "'") }}
{%- endmacro %}
