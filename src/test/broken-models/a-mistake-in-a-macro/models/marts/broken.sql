select {{ in_euros('amount') }} as amount from {{ ref('orders') }}
