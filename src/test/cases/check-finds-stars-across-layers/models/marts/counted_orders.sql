select count(*) as orders
from (select * from {{ ref('stg_orders') }})
where exists (select * from {{ ref('stg_payments') }})
