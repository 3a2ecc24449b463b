select date_trunc('day', amount) as day from {{ ref('orders') }}
