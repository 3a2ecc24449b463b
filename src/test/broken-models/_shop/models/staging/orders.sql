select
  order_id,
  customer_id,
  ordered_on,
  cast(amount as decimal(18, 2)) as amount,
  status,
  is_paid
from {{ ref('raw_orders') }}
