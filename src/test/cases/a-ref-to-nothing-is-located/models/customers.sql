select
  customer,
  count(*) as orders
from {{ ref('order') }}
group by customer
