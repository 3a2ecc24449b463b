{#- A payment that was delivered twice is one payment: the copy of the first file stands. -#}
with accepted as (
  select
    *,
    row_number() over (
      partition by transaction_id
      order by _source_file collate "C", transacted_at, amount, payer_id collate "C", payee_id collate "C"
    ) as copy_number
  from {{ ref('typed_pix_transactions') }}
  where refused_because is null
)

select
  transaction_id,
  payer_id,
  payee_id,
  amount,
  transacted_at,
  channel,
  device_id,
  {{ json_value('context', 'city') }} as city,
  {{ json_value('context', 'app_version') }} as app_version,
  {{ parse_integer(json_value('context', 'device_age_days')) }} as device_age_days,
  _source_file,
  _ingested_at
from accepted
where copy_number = 1
