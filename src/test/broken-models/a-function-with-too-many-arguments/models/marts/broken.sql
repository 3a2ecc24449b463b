select upper(status, 'x') as status from {{ ref('orders') }}
