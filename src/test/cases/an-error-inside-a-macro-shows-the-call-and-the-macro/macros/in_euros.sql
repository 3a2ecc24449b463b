{% macro in_euros(column) %}
  {{ rounded(column ~ ' * rate') }}
{% endmacro %}

{% macro rounded(expression) %}
  round({{ expression }}, 2)
{% endmacro %}
