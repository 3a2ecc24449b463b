with orders as (select * from {{ ref('orders') }})
select orders.*, 1 as version from orders
