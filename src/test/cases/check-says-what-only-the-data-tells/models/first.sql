-- depends_on: {{ ref('customers') }}
{%- set names = run_query('select customer from ' ~ ref('customers')).columns[0].values() if execute else [] %}
select {% for name in names %}'{{ name }}' as customer_{{ loop.index }}{{ ',' if not loop.last }}{% endfor %}
