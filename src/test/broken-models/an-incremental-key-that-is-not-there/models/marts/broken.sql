{{ config(materialized='incremental', unique_key='order_number') }}
select order_id, amount from {{ ref('orders') }}
