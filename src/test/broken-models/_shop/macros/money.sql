{% macro in_euros(column) -%}
round({{ column }} * 0.92, 2)
{%- endmacro %}
