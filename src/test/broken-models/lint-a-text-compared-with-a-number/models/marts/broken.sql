select order_id from {{ ref('orders') }} where status = 1
