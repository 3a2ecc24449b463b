select * from {{ ref('customer_orders') }}
