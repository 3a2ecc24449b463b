select customer from {{ ref('orders') }}
where amount > {{ minimum_amount + 1 }}
