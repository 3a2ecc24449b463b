{{ config(materialized='incremental', unique_key='order_id') }}
select order_id, upper(amount, 1) as amount
from {{ ref('orders') }}
