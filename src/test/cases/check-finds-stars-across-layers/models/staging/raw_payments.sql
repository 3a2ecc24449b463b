select *, 1 as loaded from {{ source('bank', 'payments') }}
