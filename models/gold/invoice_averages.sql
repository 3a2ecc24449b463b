{%- set windows = [3, 6] -%}
{%- set reference_month = "cast(date_trunc('month', cast('" ~ var('reference_month') ~ "' as date)) as date)" -%}

with windows as (
  select
    accounts.customer,
    accounts.account
    {%- for months in windows %},
    count(case when invoice_months.month >= {{ dbt.dateadd('month', -months, reference_month) }} then 1 end) as months_of_{{ months }},
    sum(case when invoice_months.month >= {{ dbt.dateadd('month', -months, reference_month) }} then invoice_months.amount end) as total_of_{{ months }}
    {%- endfor %}
  from {{ ref('accounts') }} as accounts
  left join {{ ref('invoice_months') }} as invoice_months
    on invoice_months.customer = accounts.customer
    and invoice_months.account = accounts.account
    and invoice_months.month < {{ reference_month }}
  group by accounts.customer, accounts.account
)

select
  customer,
  account
  {%- for months in windows %},
  case when months_of_{{ months }} = {{ months }} then {{ truncated_average('total_of_' ~ months, months) }} end
    as avg_invoices_last_{{ months }}_months
  {%- endfor %}
from windows
order by customer, account
