select orders.order_id
from {{ ref('orders') }} as orders
inner join {{ ref('codes') }} as codes
  on orders.order_id = codes.order_code -- lavra: allow join-types codes are numbers in this shop
