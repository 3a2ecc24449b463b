{{ config(materialized='incremental', unique_key='order_id', incremental_strategy='merge', merge_update_columns=['price']) }}
select order_id, amount from {{ ref('orders') }}
