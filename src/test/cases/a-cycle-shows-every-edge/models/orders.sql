select * from {{ ref('raw_orders') }}
where customer in (select customer from {{ ref('vip') }})
