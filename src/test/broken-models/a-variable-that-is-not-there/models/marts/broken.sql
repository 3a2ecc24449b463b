select order_id from {{ ref('orders') }} where amount > {{ var('least_amount') }}
