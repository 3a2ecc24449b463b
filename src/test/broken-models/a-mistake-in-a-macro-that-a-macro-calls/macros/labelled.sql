{% macro labelled(column) -%}
{{ in_euros(column) }} as {{ column }}
{%- endmacro %}
