with source as (
  select * from {{ source('bank', 'payments') }}
),

renamed as (
  select payment_id, order_id, paid as amount from source
)

select * from renamed
