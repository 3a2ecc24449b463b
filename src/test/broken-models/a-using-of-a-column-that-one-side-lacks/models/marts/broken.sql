select order_id from {{ ref('orders') }} join {{ ref('customers') }} using (country)
