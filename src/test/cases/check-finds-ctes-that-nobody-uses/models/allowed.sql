with orders as (select order_id from {{ ref('orders') }}),
customers as (select customer from {{ ref('customers') }}) -- lavra: allow cte-unused auditors add it to the query by hand
select order_id from orders
