select order_id
from {{ ref('orders') }}
where row_number() over (order by order_id) = 1
