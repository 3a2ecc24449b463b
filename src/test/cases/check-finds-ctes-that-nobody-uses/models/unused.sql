with orders as (
  select order_id, customer from {{ ref('orders') }}
),

"large orders" as (
  select order_id from orders where order_id > 10
),

counted as (
  with inner_orders (number) as (select order_id from orders)
  select count(*) as orders from orders
)

select orders from counted
