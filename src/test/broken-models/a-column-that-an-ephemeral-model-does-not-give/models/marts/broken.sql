select sum(price) as amount from {{ ref('paid') }}
