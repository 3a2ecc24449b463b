{% macro with_total(relation) -%}
select {{ caller() }} as total from {{ relation }}
{%- endmacro %}
