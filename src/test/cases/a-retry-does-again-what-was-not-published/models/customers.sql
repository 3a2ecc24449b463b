select customer, cout(*) as orders from {{ ref('orders') }} group by customer
