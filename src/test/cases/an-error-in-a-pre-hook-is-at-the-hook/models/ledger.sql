{{ config(
  materialized='incremental',
  post_hook=["select 1", "update {{ this }} set amuont = 0"],
) }}
select order_id, amount
from {{ ref('orders') }}
