{% macro in_euros(column) %} {{ column }} {% endmacro %}
