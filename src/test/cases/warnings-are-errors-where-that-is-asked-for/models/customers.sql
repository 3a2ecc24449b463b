{% if var('shout', false) %}{{ exceptions.warn('customers are counted without their addresses') }}{% endif %}
select
  customer,
  count(*) as orders,
  sum(amount) as amount
from {{ ref('orders') }}
group by customer
