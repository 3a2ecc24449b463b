select items.* from {{ ref('orders') }} as orders
