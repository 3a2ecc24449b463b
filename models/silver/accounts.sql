{#- Also the accounts of which every invoice was refused. -#}
select distinct
  customer,
  account
from {{ ref('typed_invoices') }}
where not {{ is_blank('customer') }}
  and not {{ is_blank('account') }}
