{{ config(materialized='incremental', unique_key='day', incremental_strategy='delete+insert') }}
select order_id, ordered_on as day from {{ ref('orders') }}
