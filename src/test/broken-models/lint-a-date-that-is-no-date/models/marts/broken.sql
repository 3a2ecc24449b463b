select order_id from {{ ref('orders') }} where ordered_on >= date '2026-13-01'
