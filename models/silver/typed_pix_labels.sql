{{ config(materialized='ephemeral') }}

with typed as (
  select
    {{ trimmed('transaction_id') }} as transaction_id,
    lower({{ trimmed('fraud_type') }}) as fraud_type,
    {{ parse_timestamp('labelled_at') }} as labelled_at,
    labelled_at as labelled_at_as_sent,
    _source_file,
    _ingested_at
  from {{ ref('raw_pix_labels') }}
)

select
  *,
  case
    when {{ is_blank('transaction_id') }} then 'transaction_id is missing'
    when {{ is_blank('fraud_type') }} then 'fraud_type is missing'
    when labelled_at is null then 'labelled_at is not a timestamp with an offset'
  end as refused_because
from typed
