{{ config(materialized="view") }}
select
  order_id,
  customer,
  ordered_on,
  case when order_id = 2 then 0 else amount end as amount
from {{ ref('raw_orders') }}
