{{ config(per_value={
  'query': "select distinct custmer from {{ ref('orders') }}",
  'name': 'orders_of_{{ value.customer }}'
}) }}
select * from {{ ref('orders') }}
where customer = '{{ value.customer }}'
