with codes as (
  select order_code as order_id, customer, day from {{ ref('codes') }}
)

select orders.order_id, codes.day
from {{ ref('orders') }} as orders
left join codes on orders.order_id = codes.order_id and orders.customer = codes.customer
inner join {{ ref('ledger') }} as ledger on ledger.order_id = orders.order_id
