select order_id as "order", customer as "group by" from {{ ref('orders') }}
