select * from {{ source('billing', 'payments') }}
