{{ config(materialized='ephemeral') }}
select order_id, amount, ordered_on from {{ ref('orders') }}
