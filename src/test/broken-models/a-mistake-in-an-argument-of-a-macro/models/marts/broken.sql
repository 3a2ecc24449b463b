select {{ in_euros('amuont') }} as amount from {{ ref('orders') }}
