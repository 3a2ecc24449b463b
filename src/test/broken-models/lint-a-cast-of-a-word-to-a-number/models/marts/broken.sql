select order_id, 'none'::integer as discount from {{ ref('orders') }}
