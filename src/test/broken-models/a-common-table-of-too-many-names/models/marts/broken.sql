with totals (customer_id, amount, orders) as (
  select customer_id, sum(amount) from {{ ref('orders') }} group by customer_id
)
select orders from totals
