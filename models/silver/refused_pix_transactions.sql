select
  refused_because,
  transaction_id,
  payer_id,
  payee_id,
  amount_as_sent as amount,
  transacted_at_as_sent as transacted_at,
  channel,
  device_id,
  context_as_sent as context,
  _source_file,
  _ingested_at
from {{ ref('typed_pix_transactions') }}
where refused_because is not null
