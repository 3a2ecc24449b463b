select
  orders.customer,
  coalesce(sum(orders.amount), 0) as amount,
  sum(items.price) as price,
  count(*) as lines
from {{ ref('orders') }} as orders
left join {{ ref('items') }} as items
  on items.order_id = orders.order_id
group by orders.customer
