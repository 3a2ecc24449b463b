select sum(orders.amount) as amount
from {{ ref('orders') }} as orders
-- lavra: allow join-fan-out each order counts once for each of its lines here
inner join {{ ref('items') }} as items on items.order_id = orders.order_id
