select order_id from {{ ref('orders') }}
where customer_id in (select customer_id, name from {{ ref('customers') }})
