select order_id, customer, amount, ordered_on, amount * 2 as doubled, 1 as tested, 2 as later from {{ ref('orders') }}
