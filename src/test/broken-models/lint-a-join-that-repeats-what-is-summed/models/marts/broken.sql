select customers.country, sum(customers.credit) as credit
from (select customer_id, country, 10 as credit from {{ ref('customers') }}) as customers
join {{ ref('orders') }} as orders on orders.customer_id = customers.customer_id
group by customers.country
