select
  refused_because,
  customer,
  account,
  month_as_sent as month,
  invoice_as_sent as invoice,
  _source_file,
  _ingested_at
from {{ ref('typed_invoices') }}
where refused_because is not null
