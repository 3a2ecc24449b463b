{{ config(per_value={'query': "select distinct customer from {{ ref('customers') }}", 'name': "report_{{ value.customer | lower }}"}) }}
select order_id, amount from {{ ref('orders') }}{% if execute %} where customer = '{{ value.customer }}'{% endif %}
