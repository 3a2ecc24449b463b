select sum(count(*)) as orders from {{ ref('orders') }}
