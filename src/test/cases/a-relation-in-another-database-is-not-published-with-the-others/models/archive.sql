{{ config(database='archive') }}
select order_id from {{ ref('orders') }}
