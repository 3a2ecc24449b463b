select
  customer,
  count(*) as orders
form {{ ref('orders') }}
group by customer
