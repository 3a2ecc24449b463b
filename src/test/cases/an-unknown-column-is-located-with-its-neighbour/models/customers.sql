select
  customer,
  sum(amont) as amount
from {{ ref('orders') }}
group by customer
