{{ config(
  materialized='incremental',
  unique_key='order_id',
  post_hook="drop table {{ this }}",
) }}
select order_id, amount from {{ ref('orders') }}
