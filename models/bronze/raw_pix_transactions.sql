select
  transaction_id,
  payer_id,
  payee_id,
  amount,
  transacted_at,
  channel,
  device_id,
  context,
  filename as _source_file,
  {{ ingested_at() }} as _ingested_at
from {{ source('pix', 'transactions') }}
