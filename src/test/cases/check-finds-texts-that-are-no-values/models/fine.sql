select order_id
from {{ ref('orders') }}
where amount >= '10.50'
  and order_id between ' 1 ' and '1e3'
  and customer = '5'
  and order_id in ('two', customer)
  and customer in (1, customer)
  and try_cast('two' as integer) is null
  and cast(order_id as varchar) <> 'two'
  and amount + 1 <> coalesce(null, 2)
