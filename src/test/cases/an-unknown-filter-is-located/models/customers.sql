select customer, '{{ target.name | uper }}' as target
from {{ ref('orders') }}
