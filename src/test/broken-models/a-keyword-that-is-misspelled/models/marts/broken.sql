selct order_id from {{ ref('orders') }}
