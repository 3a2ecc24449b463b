{#- An average times its months is never more than was billed, and less than a cent a month below it. -#}
{% for months in [3, 6] -%}
select
  averages.customer,
  averages.account,
  {{ months }} as months,
  averages.avg_invoices_last_{{ months }}_months as average,
  sum(invoice_months.amount) as billed
from {{ ref('invoice_averages') }} as averages
inner join {{ ref('invoice_months') }} as invoice_months
  on invoice_months.customer = averages.customer
  and invoice_months.account = averages.account
  and invoice_months.month < {{ reference_month() }}
  and invoice_months.month >= {{ reference_month() }} - interval '{{ months }} months'
group by averages.customer, averages.account, averages.avg_invoices_last_{{ months }}_months
having abs(averages.avg_invoices_last_{{ months }}_months) * {{ months }} > abs(sum(invoice_months.amount))
  or abs(sum(invoice_months.amount)) >= (abs(averages.avg_invoices_last_{{ months }}_months) + 0.01) * {{ months }}
{% if not loop.last %}
union all

{% endif -%}
{% endfor %}
