select
  order_id,
  cast(customer as integer) as customer
from {{ ref('orders') }}
