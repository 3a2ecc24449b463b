select payment_id, amount from {{ source('bank', 'payments') }}
