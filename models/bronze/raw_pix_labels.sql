select
  transaction_id,
  fraud_type,
  labelled_at,
  filename as _source_file,
  {{ ingested_at() }} as _ingested_at
from {{ source('pix', 'labels') }}
