select * from {{ ref('orders') }} pivot (sum(amount) for state in ('new', 'sent'))
