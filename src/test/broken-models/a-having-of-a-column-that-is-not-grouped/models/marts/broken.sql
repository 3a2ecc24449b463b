select customer_id
from {{ ref('orders') }}
group by customer_id
having amount > 10
