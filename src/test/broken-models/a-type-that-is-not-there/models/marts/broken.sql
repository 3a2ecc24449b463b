select cast(amount as mony) as amount from {{ ref('orders') }}
