{{ config(
  materialized='incremental',
  unique_key='order_id',
  post_hook=["select 1", "update {{ this }} set amuont = 0"],
) }}
select order_id, amount * 2 as amount
from {{ ref('orders') }}
