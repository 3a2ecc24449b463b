{{ config(materialized='incremental', unique_key='id') }}
select order_id, amount from {{ ref('orders') }}
