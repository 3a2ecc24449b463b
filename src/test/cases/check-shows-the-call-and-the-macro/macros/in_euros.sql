{% macro in_euros(column) %}rond({{ column }}, 2){% endmacro %}
