{{ config(materialized='incremental', unique_key='order_id') }}
select order_id, amont
from {{ ref('orders') }}
