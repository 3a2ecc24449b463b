select * replace (1 as price) from {{ ref('orders') }}
