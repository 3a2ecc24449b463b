{% if var('region', 'north') != 'south' %}
  {{ exceptions.raise_compiler_error("Only the south is supported.") }}
{% endif %}
select customer from {{ ref('orders') }}
