{{ config(materialized='view') }}
select
  order_id,
  customer,
  ordered_on,
  cast(amount as decimal(18, 2)) as amount
from {{ ref('raw_orders') }}
