select
  refused_because,
  transaction_id,
  fraud_type,
  labelled_at_as_sent as labelled_at,
  _source_file,
  _ingested_at
from {{ ref('typed_pix_labels') }}
where refused_because is not null
