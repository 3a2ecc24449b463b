select customer
from {{ ref('customers') }}
where amount > 100
