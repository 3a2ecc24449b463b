select customer, {{ in_euros('amount', 2) }} as euros
from {{ ref('orders') }}
