{{ config(materialized='tabel') }}
select order_id from {{ ref('orders') }}
