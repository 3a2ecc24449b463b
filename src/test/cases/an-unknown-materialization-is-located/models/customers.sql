{{ config(materialized='tabel') }}
select customer from {{ ref('orders') }}
