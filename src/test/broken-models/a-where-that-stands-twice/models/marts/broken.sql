select order_id from {{ ref('orders') }} where is_paid where amount > 1
