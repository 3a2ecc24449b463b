select customer, 1 / amont as share from {{ ref('orders') }}
