select sum(status) as total from {{ ref('orders') }}
