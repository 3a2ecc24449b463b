select
  customer_id,
  {{ latest('customer_name', 'last_event_at') }} as customer_name,
  min(first_event_at) as first_message_at,
  max(last_event_at) as last_message_at
from {{ ref('notification_minutes') }}
group by customer_id
