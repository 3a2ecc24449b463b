{# Widenings among numbers, a cast that is written down, and what nobody here knows the type of. -#}
select orders.order_id
from {{ ref('orders') }} as orders
inner join (select cast(order_id as bigint) as order_id, amount from {{ ref('ledger') }}) as ledger
  on ledger.order_id = orders.order_id and cast(ledger.amount as double) = orders.amount
left join {{ ref('codes') }} as codes
  on codes.order_code = cast(orders.order_id as varchar)
  and upper(codes.order_code) = orders.order_id + 1
