select sum(amount) as amount from {{ ref('orders') }} group by sum(amount)
