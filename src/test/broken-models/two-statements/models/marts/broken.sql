select order_id from {{ ref('orders') }};
select 2
