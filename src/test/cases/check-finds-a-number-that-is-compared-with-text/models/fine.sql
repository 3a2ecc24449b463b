select order_id
from {{ ref('orders') }}
where amount >= '10.50'
  and order_id between ' 1 ' and '1e3'
  and customer = '5'
  and cast(order_id as varchar) <> 'two'
  and amount + 1 <> coalesce(null, 2)
