select {{ in_euros('amount', 2) }} as amount from {{ ref('orders') }}
