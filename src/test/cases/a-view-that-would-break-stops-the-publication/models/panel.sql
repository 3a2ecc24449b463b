{{ config(materialized='view') }}
select customer, amount from {{ ref('customers') }}
