{#- A day is billed once it is over. -#}
with days as (
  select
    customer_id,
    {{ reporting_date('minute_at') }} as billing_date,
    {{ latest('customer_name', 'last_event_at') }} as customer_name,
    cast(sum(messages) as bigint) as whatsapp_notifications
  from {{ ref('notification_minutes') }}
  where channel = 'whatsapp'
    and {{ reporting_date('minute_at') }} < {{ reporting_date("cast('" ~ run_started_at ~ "' as timestamptz)") }}
  group by customer_id, {{ reporting_date('minute_at') }}
)

select
  days.customer_id,
  days.customer_name,
  days.whatsapp_notifications,
  cast(round(days.whatsapp_notifications * prices.price, 2) as decimal(18, 2)) as amount,
  days.billing_date
from days
left join {{ ref('notification_prices') }} as prices
  on prices.channel = 'whatsapp'
  and days.billing_date >= prices.valid_from
  and days.billing_date < coalesce(prices.valid_until, date '9999-12-31')
order by days.billing_date, days.customer_name, days.customer_id
