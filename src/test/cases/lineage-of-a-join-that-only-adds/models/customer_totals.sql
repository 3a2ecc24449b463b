select
  customers.customer,
  totals.amount
from (select distinct customer from {{ ref('orders') }}) as customers
left join (select customer, sum(amount) as amount from {{ ref('orders') }} where amount > 1 group by customer) as totals
  on totals.customer = customers.customer
