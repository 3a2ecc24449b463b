select order_id from {{ ref('orders') }} natural join (select name from {{ ref('customers') }}) as names
