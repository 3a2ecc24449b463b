select order_id from {{ ref('orders') }} where {{ var('condition') }}
