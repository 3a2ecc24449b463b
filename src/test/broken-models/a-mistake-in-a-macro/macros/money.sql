{% macro in_euros(column) -%}
round({{ column }} * rates.euro, 2)
{%- endmacro %}
