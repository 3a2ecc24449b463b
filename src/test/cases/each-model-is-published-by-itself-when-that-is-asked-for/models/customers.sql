select customer, count(*) as orders, 'new' as version from {{ ref('orders') }} group by customer
