{{ config(unique_keys='customer') }}
select customer from {{ ref('orders') }}
