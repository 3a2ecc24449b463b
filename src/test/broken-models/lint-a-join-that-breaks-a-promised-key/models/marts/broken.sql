select customers.customer_id, orders.amount
from {{ ref('customers') }} as customers
join {{ ref('orders') }} as orders using (customer_id)
