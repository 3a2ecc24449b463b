{{ config(materialized='incremental') }}
with recursive numbers (n) as (
  select 1
  union all
  select n + 1 from numbers where n < 3
),

known as (
  select max(order_id) as order_id from {{ ref('orders') }}
),

orders as materialized (
  select order_id, customer from {{ ref('orders') }}
)

select orders.order_id, (select max(n) from numbers) as most
from orders
{% if target.name == 'prod' %}
where order_id > (select order_id from known)
{% endif %}
