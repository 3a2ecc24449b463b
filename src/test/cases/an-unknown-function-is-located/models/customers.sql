select customer, summ(amount) as amount
from {{ ref('orders') }}
group by customer
