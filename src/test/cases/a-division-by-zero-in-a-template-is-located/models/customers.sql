select {{ 1 / 0 }} as share from {{ ref('orders') }}
