{{ config(materialized='view') }}
select customer from {{ ref('orders') }}
