{{ config(materialized='view') }}

select
  notifications.customer_id,
  customers.customer_name,
  notifications.message_id,
  notifications.payload,
  notifications.event_at as event_datetime
from {{ ref('notifications') }} as notifications
inner join {{ ref('customers') }} as customers
  on customers.customer_id = notifications.customer_id
where notifications.channel = 'whatsapp'
order by notifications.customer_id, notifications.event_at, notifications.message_id
