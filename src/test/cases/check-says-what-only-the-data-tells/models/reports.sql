{{ config(per_value={'query': "select distinct customer from {{ ref('customers') }}", 'name': "report_{{ value.customer }}"}) }}
select * from {{ ref('orders') }}{% if execute %} where customer = '{{ value.customer }}'{% endif %}
