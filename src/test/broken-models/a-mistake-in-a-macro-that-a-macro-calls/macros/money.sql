{% macro in_euros(column) -%}
rond({{ column }} * 0.92, 2)
{%- endmacro %}
