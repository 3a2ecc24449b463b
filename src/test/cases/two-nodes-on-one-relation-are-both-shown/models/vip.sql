{{ config(alias='Customers') }}
select customer from {{ ref('orders') }}
