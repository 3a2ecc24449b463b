{{ config(materialized='ephemeral') }}

with typed as (
  select
    {{ trimmed('transaction_id') }} as transaction_id,
    {{ trimmed('payer_id') }} as payer_id,
    {{ trimmed('payee_id') }} as payee_id,
    {{ parse_money('amount') }} as amount,
    {{ parse_timestamp('transacted_at') }} as transacted_at,
    lower({{ trimmed('channel') }}) as channel,
    {{ trimmed('device_id') }} as device_id,
    {{ parse_json('context') }} as context,
    amount as amount_as_sent,
    transacted_at as transacted_at_as_sent,
    context as context_as_sent,
    _source_file,
    _ingested_at
  from {{ ref('raw_pix_transactions') }}
)

select
  *,
  case
    when {{ is_blank('transaction_id') }} then 'transaction_id is missing'
    when {{ is_blank('payer_id') }} then 'payer_id is missing'
    when {{ is_blank('payee_id') }} then 'payee_id is missing'
    when amount is null or amount <= 0 then 'amount is not an amount of money above zero'
    when transacted_at is null then 'transacted_at is not a timestamp with an offset'
    when not {{ is_json_object('context') }} then 'context is not a JSON object'
  end as refused_because
from typed
