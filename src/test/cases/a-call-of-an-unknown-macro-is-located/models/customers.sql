select
  customer,
  {{ in_euro('amount') }} as euros
from {{ ref('orders') }}
