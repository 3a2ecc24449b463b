select distinct customer from {{ ref('raw_orders') }} where amount > 100
