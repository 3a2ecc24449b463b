with paid as (select order_id from {{ ref('orders') }} where is_paid)
select order_id from {{ ref('orders') }}
