select * exclude (amount) from (select order_id, total as amount, 1 as one from {{ ref('totals') }}) as t
