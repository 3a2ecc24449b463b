select
  customer,
  account,
  month,
  invoice,
  'seeds/invoices.csv' as _source_file,
  {{ ingested_at() }} as _ingested_at
from {{ ref('invoices') }}
