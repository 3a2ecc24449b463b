{{ config(materialized='ephemeral') }}
select customer, sum(amout) as amount
from {{ ref('orders') }}
group by customer
