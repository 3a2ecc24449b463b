{# DuckDB casts every text to a number here, and stops at the first that is none. -#}
select order_id
from (select order_id, customer as name from {{ ref('orders') }}) as renamed
where renamed.name = 5
