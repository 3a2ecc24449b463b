{{ config(materialized='incremental', unique_key='order_id') }}
select case when order_id < 3 then order_id end as order_id, amount from {{ ref('orders') }}
