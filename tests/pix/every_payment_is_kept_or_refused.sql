{#- Copies of a payment are one payment. Every other row that came is a row of silver, or it stands among the refused. -#}
select
  typed.transaction_id,
  typed._source_file
from {{ ref('typed_pix_transactions') }} as typed
left join {{ ref('pix_transactions') }} as transactions
  on transactions.transaction_id = typed.transaction_id
where typed.refused_because is null
  and transactions.transaction_id is null

union all

select
  'refused rows are missing' as transaction_id,
  null as _source_file
from (
  select
    (select count(*) from {{ ref('typed_pix_transactions') }} where refused_because is not null) as came,
    (select count(*) from {{ ref('refused_pix_transactions') }}) as kept
) as refused
where came <> kept
