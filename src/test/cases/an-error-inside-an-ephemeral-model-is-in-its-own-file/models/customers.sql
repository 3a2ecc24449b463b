select customer, amount
from {{ ref('vip') }}
