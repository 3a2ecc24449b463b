select order_id from {{ ref('orders') }}
where ordered_on between '2026-01-01' and 'today'
