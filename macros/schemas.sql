{#- The layers are schemas of their own: `+schema: gold` is `gold`, not `main_gold`. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
{%- endmacro %}
