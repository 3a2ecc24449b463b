select order_id from {{ source('bank', 'payments') }}
