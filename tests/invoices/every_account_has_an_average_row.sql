select accounts.customer, accounts.account
from {{ ref('accounts') }} as accounts
left join {{ ref('invoice_averages') }} as averages
  on averages.customer = accounts.customer
  and averages.account = accounts.account
where averages.account is null
