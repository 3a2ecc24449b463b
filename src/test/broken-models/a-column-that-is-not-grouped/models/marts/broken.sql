select customer_id, status, sum(amount) as amount
from {{ ref('orders') }}
group by customer_id
