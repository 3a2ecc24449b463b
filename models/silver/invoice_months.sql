select
  customer,
  account,
  month,
  cast(sum(amount) as decimal(18, 2)) as amount,
  count(*) as invoices,
  max(_ingested_at) as _ingested_at
from {{ ref('typed_invoices') }}
where refused_because is null
group by customer, account, month
