select case when is_paid then ordered_on else amount end as value from {{ ref('orders') }}
