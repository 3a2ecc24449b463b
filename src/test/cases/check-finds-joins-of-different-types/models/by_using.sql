select customer
from {{ ref('orders') }}
inner join (select order_code as order_id from {{ ref('codes') }}) as codes using (order_id)
