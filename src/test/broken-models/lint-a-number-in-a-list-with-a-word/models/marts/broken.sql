select order_id from {{ ref('orders') }} where order_id in ('1', '2a')
