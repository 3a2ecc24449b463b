{# The join keeps to a key; the joined rows are those that are summed; or there is one of them for each row. -#}
with totals as (
  select order_id, sum(price) as price from {{ ref('items') }} group by order_id
),

first_lines as (
  select order_id, product from {{ ref('items') }} where line = 1
)

select
  orders.customer,
  sum(orders.amount) as amount,
  sum(totals.price) as price,
  count(distinct orders.order_id) as orders
from {{ ref('orders') }} as orders
left join totals on totals.order_id = orders.order_id
left join first_lines on first_lines.order_id = orders.order_id
left join {{ ref('items') }} as second_lines
  on second_lines.order_id = orders.order_id and second_lines.line = 2
left join {{ ref('customers') }} as customers on customers.customer = orders.customer
group by 1
