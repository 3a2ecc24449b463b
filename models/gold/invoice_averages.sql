{%- set windows = [3, 6] -%}

with reference as (
  select {{ reference_month() }} as month
),

billed as (
  select
    accounts.customer,
    accounts.account
    {%- for months in windows %},
    count(*) filter (where invoice_months.month >= reference.month - interval '{{ months }} months') as months_of_{{ months }},
    sum(invoice_months.amount) filter (where invoice_months.month >= reference.month - interval '{{ months }} months') as total_of_{{ months }}
    {%- endfor %}
  from {{ ref('accounts') }} as accounts
  cross join reference
  left join {{ ref('invoice_months') }} as invoice_months
    on invoice_months.customer = accounts.customer
    and invoice_months.account = accounts.account
    and invoice_months.month < reference.month
  group by accounts.customer, accounts.account
)

select
  customer,
  account
  {%- for months in windows %},
  cast(case when months_of_{{ months }} = {{ months }} then {{ truncated_average('total_of_' ~ months, months) }} end as decimal(18, 2))
    as avg_invoices_last_{{ months }}_months
  {%- endfor %}
from billed
order by customer, account
