select sum(amount) as amount
from {{ ref('orders') }}
where order_id <> 'none'
