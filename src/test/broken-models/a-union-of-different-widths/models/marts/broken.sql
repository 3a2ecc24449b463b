select order_id, amount from {{ ref('orders') }}
union all
select customer_id from {{ ref('customers') }}
