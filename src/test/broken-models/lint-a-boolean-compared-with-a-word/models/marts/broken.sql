select order_id from {{ ref('orders') }} where is_paid = 'perhaps'
