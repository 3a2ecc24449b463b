select orders.name from (select order_id from {{ ref('orders') }}) as orders
