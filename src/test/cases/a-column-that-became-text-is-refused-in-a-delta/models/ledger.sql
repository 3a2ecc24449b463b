{{ config(materialized='incremental', unique_key='order_id') }}
select order_id, 'much' as amount from {{ ref('orders') }}
