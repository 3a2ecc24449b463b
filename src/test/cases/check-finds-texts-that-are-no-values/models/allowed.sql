select order_id
from {{ ref('orders') }}
-- lavra: allow not-a-value nobody runs this query, it shows what a comment does
where amount = 'nothing'
