select customer_id from {{ ref('orders') }} order by 2
