{{ with_days() }}
select order_id from {{ ref('orders') }}
