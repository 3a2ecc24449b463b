select order_id, amount
from {{ ref('orders') }}
where amount > 'much'
  and order_id not in ('1', 'two')
