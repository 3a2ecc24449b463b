with orders as (select order_id from {{ ref('orders') }}),
-- lavra: allow cte-unused
customers as (select customer from {{ ref('customers') }})
select order_id from orders
