select customer from {{ ref('orders') }}
where amount > {{ var('minimum') }}
