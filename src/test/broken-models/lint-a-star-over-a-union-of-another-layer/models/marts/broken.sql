select order_id from {{ ref('orders') }}
union all
select * exclude (customer_id, ordered_on, amount, status, is_paid) from {{ ref('orders') }}
