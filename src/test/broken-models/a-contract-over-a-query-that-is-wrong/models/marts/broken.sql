select order_id, amount, ordered_at from {{ ref('orders') }}
