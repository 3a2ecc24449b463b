{#- A bill counts the messages of the detailed report of its customer and day, no more and no less. -#}
with details as (
  select
    customer_id,
    {{ reporting_date('event_datetime') }} as billing_date,
    count(*) as messages
  from {{ ref('notification_details') }}
  group by customer_id, {{ reporting_date('event_datetime') }}
)

select
  billing.customer_id,
  billing.billing_date,
  billing.whatsapp_notifications,
  details.messages
from {{ ref('notification_billing') }} as billing
left join details
  on details.customer_id = billing.customer_id
  and details.billing_date = billing.billing_date
where billing.whatsapp_notifications <> coalesce(details.messages, 0)
