select (select customer_id, name from {{ ref('customers') }}) as customer from {{ ref('orders') }}
