select customer
from {{ ref('orders' }}
