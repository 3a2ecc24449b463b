with days as (select ordered_on from {{ ref('orders') }})
select o.order_id
from {{ ref('orders') }} as o
inner join {{ ref('customers') }} as c on c.customer = o.order_id
where o.amount <> 'free'
