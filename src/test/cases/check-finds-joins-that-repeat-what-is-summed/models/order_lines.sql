with joined as (
  select orders.order_id, orders.customer, items.product
  from {{ ref('orders') }} as orders
  inner join {{ ref('items') }} as items using (order_id)
)

select * from joined
