with days as (select distinct cast(ordered_on as timestamp) as day from {{ ref('orders') }})
select orders.order_id
from {{ ref('orders') }} as orders
join days on days.day = orders.ordered_on
