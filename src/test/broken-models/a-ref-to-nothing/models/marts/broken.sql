select order_id from {{ ref('order') }}
