with orders as (
  select * from {{ ref('stg_orders') }}
),

final as (
  select orders.*, payments.amount as paid
  from orders
  left join {{ ref('stg_payments') }} as payments on payments.order_id = orders.order_id
)

select * from final
