select
  customers.customer_id,
  customers.name,
  count(orders.order_id) as orders,
  sum(orders.amount) as amount
from {{ ref('customers') }} as customers
left join {{ ref('orders') }} as orders on orders.customer_id = customers.customer_id
group by customers.customer_id, customers.name
