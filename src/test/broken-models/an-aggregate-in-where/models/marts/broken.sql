select customer_id
from {{ ref('orders') }}
where sum(amount) > 10
group by customer_id
