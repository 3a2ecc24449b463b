select
  customer,
  {{ in_euros('amount') }} as euros
from {{ ref('orders') }}
