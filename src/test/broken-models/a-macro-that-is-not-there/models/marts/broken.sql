select {{ in_euro('amount') }} as amount from {{ ref('orders') }}
