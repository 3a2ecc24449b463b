select orders.order_id
from {{ ref('orders') }} as orders
join {{ ref('customers') }} as customers on customers.country = orders.customer_id
