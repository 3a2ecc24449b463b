select orders.order_id
from {{ ref('orders') }} as orders, (select cast(day as timestamp) as day from {{ ref('codes') }}) as codes
where codes.day = orders.ordered_on
