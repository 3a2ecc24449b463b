{{ config(materialized='ephemeral') }}

with typed as (
  select
    {{ trimmed('customer') }} as customer,
    {{ trimmed('account') }} as account,
    cast(date_trunc('month', {{ parse_date('month') }}) as date) as month,
    {{ parse_money('invoice') }} as amount,
    month as month_as_sent,
    invoice as invoice_as_sent,
    _source_file,
    _ingested_at
  from {{ ref('raw_invoices') }}
)

select
  *,
  case
    when {{ is_blank('customer') }} then 'customer is missing'
    when {{ is_blank('account') }} then 'account is missing'
    when month is null then 'month is not a date'
    when amount is null then 'invoice is not an amount of money'
  end as refused_because
from typed
