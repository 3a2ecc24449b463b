{% macro in_euros(column) %}
  {{ in_euros(column) }}
{% endmacro %}
