select items.product, sum(items.price) as price, max(orders.amount) as most
from {{ ref('orders') }} as orders
inner join {{ ref('items') }} as items on items.order_id = orders.order_id
group by items.product
