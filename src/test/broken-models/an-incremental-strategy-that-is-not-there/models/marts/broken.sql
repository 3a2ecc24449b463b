{{ config(materialized='incremental', unique_key='order_id', incremental_strategy='upsert') }}
select order_id, amount from {{ ref('orders') }}
