{{ config(materialized='incremental', unique_key='order_id', incremental_strategy='insert_overwrite') }}
select order_id, amount from {{ ref('orders') }}
