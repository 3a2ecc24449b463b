{{ config(materialized='incremental', unique_key=['order_id', 'day']) }}
select order_id, ordered_on as day from {{ ref('orders') }}
